/** Requests that clients may send again under one key, and what became of them. */
@NullMarked
package dev.polder.metastore.idempotency;

import org.jspecify.annotations.NullMarked;
