package dev.polder.sql.analyse;

import dev.polder.sql.statement.ObjectName;
import java.util.Optional;

/**
 * One place of a query that names a table, view or file.
 *
 * @param index its place in {@link Analysis#tables()}
 * @param alias empty when there is none
 * @param span where the name and what follows it (alias, AT clause) stand in the analysed text;
 *     empty for {@code TABLE t}, DESCRIBE and SUMMARIZE, which DuckDB does not locate
 * @param nameSpan where the name alone stands
 */
public record TableReference(
    int index,
    ObjectName name,
    Optional<String> alias,
    Optional<Span> span,
    Optional<Span> nameSpan,
    Optional<AtClause> at,
    ColumnUse columns) {}
