package dev.polder.sql.statement;

/** COMMIT, END. */
public record Commit(SqlText text) implements SessionStatement {}
