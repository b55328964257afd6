package dev.polder.sql.statement;

import java.util.List;
import java.util.Optional;

/**
 * UPDATE … SET … [FROM …] [WHERE …].
 *
 * @param from the text between FROM and WHERE
 */
public record Update(
    SqlText text,
    Optional<SqlText> with,
    ObjectName target,
    Optional<String> alias,
    List<Assignment> assignments,
    Optional<SqlText> from,
    Optional<SqlText> where,
    Optional<SqlText> returning)
    implements DataStatement {}
