package dev.polder.sql.statement;

/**
 * A statement that only reads and that DuckDB runs as it is: SELECT, WITH, VALUES, FROM, TABLE,
 * DESCRIBE, SUMMARIZE, PIVOT, UNPIVOT.
 *
 * @param text without the clause that says the consistency
 */
public record Query(SqlText text, Consistency consistency) implements Statement {}
