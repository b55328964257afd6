package dev.polder.sql.statement;

import java.util.List;
import java.util.Optional;

/**
 * INSERT INTO.
 *
 * @param with the whole WITH clause before INSERT, to be put before {@code source}
 * @param columns as written; empty when the statement names none
 */
public record Insert(
    SqlText text,
    Optional<SqlText> with,
    ObjectName target,
    Optional<String> alias,
    List<String> columns,
    boolean byName,
    InsertSource source,
    Optional<SqlText> returning)
    implements DataStatement {}
