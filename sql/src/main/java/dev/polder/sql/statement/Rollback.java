package dev.polder.sql.statement;

/** ROLLBACK, ABORT. */
public record Rollback(SqlText text) implements SessionStatement {}
