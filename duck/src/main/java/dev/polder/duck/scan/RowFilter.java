package dev.polder.duck.scan;

/**
 * Which rows a principal may see.
 *
 * @param predicate over the table's own columns
 * @param plain whether the predicate is free of subqueries and of anything else that DuckDB might
 *     evaluate above the user's expressions; otherwise the filtered rows are materialised first
 */
public record RowFilter(String predicate, boolean plain) {}
