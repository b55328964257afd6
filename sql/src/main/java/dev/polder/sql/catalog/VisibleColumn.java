package dev.polder.sql.catalog;

import java.util.Optional;

/**
 * A column that the session's principal may see.
 *
 * @param type DuckDB's name of its type
 */
public record VisibleColumn(
    String name,
    String type,
    boolean nullable,
    Optional<String> defaultValue,
    Optional<String> comment) {}
