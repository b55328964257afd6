package dev.polder.sql.statement;

/** SHOW CREATE TABLE or SHOW CREATE VIEW. */
public record ShowCreate(SqlText text, ObjectKind kind, ObjectName name) implements ShowStatement {}
