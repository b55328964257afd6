package dev.polder.sql.statement;

/** CREATE SCHEMA. The name has one part, or two with the database first. */
public record CreateSchema(SqlText text, ObjectName name, boolean ifNotExists)
    implements DefinitionStatement {}
