package dev.polder.sql.statement;

import java.util.Optional;

/**
 * DELETE FROM … [USING …] [WHERE …].
 *
 * @param using the text between USING and WHERE
 */
public record Delete(
    SqlText text,
    Optional<SqlText> with,
    ObjectName target,
    Optional<String> alias,
    Optional<SqlText> using,
    Optional<SqlText> where,
    Optional<SqlText> returning)
    implements DataStatement {}
