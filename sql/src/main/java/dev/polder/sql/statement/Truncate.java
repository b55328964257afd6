package dev.polder.sql.statement;

/** TRUNCATE: deletes all rows. */
public record Truncate(SqlText text, ObjectName target) implements DataStatement {}
