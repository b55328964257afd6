/**
 * Text of Parquet scans. Deleted rows are left out by the scan's own predicate {@code live(handle,
 * file, row)}, a vectorised Java function. DuckDB runs a predicate over one column inside of the
 * Parquet reader, below everything that the user wrote; one over several columns lands in a filter
 * operator, where failing expressions of the user may be evaluated before it (measured with
 * conditions of joins). Hence one branch for each file with deletes, with the file as a constant,
 * and a materialised barrier for row filters that the reader does not take over.
 */
@NullMarked
package dev.polder.duck.scan;

import org.jspecify.annotations.NullMarked;
