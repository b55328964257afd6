/**
 * Text of Parquet scans. Deleted rows are left out by the scan's own predicate {@code live(handle,
 * file, row)}, a vectorised Java function: measured on 2 million rows it costs a fraction of a
 * microsecond a row, keeps comparisons of the user's query in the Parquet reader, and DuckDB puts
 * every expression that can fail above it. An anti-join would sit above such expressions.
 */
@NullMarked
package dev.polder.duck.scan;

import org.jspecify.annotations.NullMarked;
