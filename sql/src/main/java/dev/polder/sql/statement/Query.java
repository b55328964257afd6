package dev.polder.sql.statement;

/**
 * A statement that only reads and that DuckDB runs as it is: SELECT, WITH, VALUES, FROM, TABLE,
 * DESCRIBE, SUMMARIZE, PIVOT, UNPIVOT.
 */
public record Query(SqlText text) implements Statement {}
