package dev.polder.duck.scan;

/**
 * Which rows a principal may see.
 *
 * @param predicate over the table's own columns
 * @param plain whether DuckDB evaluates the whole predicate inside of the Parquet reader, which
 *     {@link PushdownCheck} finds out; otherwise the filtered rows are materialised first
 */
public record RowFilter(String predicate, boolean plain) {}
