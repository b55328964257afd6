/** The hash-chained audit trail. */
@NullMarked
package dev.polder.metastore.audit;

import org.jspecify.annotations.NullMarked;
