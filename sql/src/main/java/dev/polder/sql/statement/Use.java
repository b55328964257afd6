package dev.polder.sql.statement;

/**
 * USE.
 *
 * @param database true for {@code USE DATABASE x}: the first part is a database's name. Otherwise
 *     one part is a database or a schema, two are database and schema.
 */
public record Use(SqlText text, boolean database, ObjectName name) implements SessionStatement {}
