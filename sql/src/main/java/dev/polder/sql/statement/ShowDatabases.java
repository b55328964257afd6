package dev.polder.sql.statement;

/**
 * SHOW DATABASES.
 *
 * @param dropped whether those that were dropped are asked for
 */
public record ShowDatabases(SqlText text, boolean dropped) implements ShowStatement {}
