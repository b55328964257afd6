package dev.polder.sql.statement;

import java.util.Optional;

/**
 * SHOW TABLES.
 *
 * @param from the schema, perhaps with its database
 * @param all {@code SHOW ALL TABLES}: of every schema
 * @param like pattern of {@code LIKE}
 */
public record ShowTables(
    SqlText text, boolean all, Optional<ObjectName> from, Optional<String> like)
    implements ShowStatement {}
