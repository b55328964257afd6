package dev.polder.sql.statement;

/** SHOW COLUMNS FROM table. */
public record ShowColumns(SqlText text, ObjectName table) implements ShowStatement {}
