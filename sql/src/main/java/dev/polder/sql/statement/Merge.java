package dev.polder.sql.statement;

import java.util.List;
import java.util.Optional;

/**
 * MERGE INTO … USING … ON … WHEN ….
 *
 * @param source the text of the USING clause with its alias: a table, a subquery, a function
 */
public record Merge(
    SqlText text,
    Optional<SqlText> with,
    ObjectName target,
    Optional<String> alias,
    SqlText source,
    MergeCondition condition,
    List<MergeClause> clauses,
    Optional<SqlText> returning)
    implements DataStatement {}
