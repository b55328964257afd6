package dev.polder.sql.statement;

/** SHOW DATABASES. */
public record ShowDatabases(SqlText text) implements ShowStatement {}
