package dev.polder.sql.analyse;

import dev.polder.sql.statement.ObjectName;
import java.util.Optional;

/**
 * One place of a query that names a table, view or file.
 *
 * @param index its place in {@link Analysis#tables()}
 * @param span where the name and what follows it (AT clause, alias) stand in the analysed text;
 *     empty for {@code TABLE t}, DESCRIBE and SUMMARIZE, which DuckDB does not locate
 * @param alias the alias, or empty
 */
public record TableReference(
    int index,
    ObjectName name,
    Optional<String> alias,
    Optional<Span> span,
    Optional<AtClause> at,
    ColumnUse columns) {}
