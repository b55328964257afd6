package dev.polder.sql.statement;

import java.util.Optional;

/**
 * A column of a new table.
 *
 * @param defaultValue the text of a literal, perhaps signed or cast
 */
public record ColumnDefinition(
    String name,
    TypeName type,
    boolean notNull,
    Optional<SqlText> defaultValue,
    Optional<String> comment) {}
