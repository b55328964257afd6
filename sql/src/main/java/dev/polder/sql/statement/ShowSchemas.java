package dev.polder.sql.statement;

import java.util.Optional;

/** SHOW SCHEMAS [FROM database]. */
public record ShowSchemas(SqlText text, Optional<String> database) implements ShowStatement {}
