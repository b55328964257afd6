package dev.polder.sql.statement;

/** PREPARE name AS statement. */
public record Prepare(SqlText text, String name, Statement inner) implements SessionStatement {}
