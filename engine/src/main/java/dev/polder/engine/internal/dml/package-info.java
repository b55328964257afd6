/** INSERT, UPDATE, DELETE, MERGE and COPY: what they read, and the files they write. */
@NullMarked
package dev.polder.engine.internal.dml;

import org.jspecify.annotations.NullMarked;
