package dev.polder.sql.statement;

import java.util.Optional;

/**
 * EXPLAIN of another statement; with {@code analyze} the statement is run.
 *
 * @param format of {@code EXPLAIN (FORMAT …)}, lower-cased
 */
public record Explain(SqlText text, boolean analyze, Optional<String> format, Statement inner)
    implements Statement {}
