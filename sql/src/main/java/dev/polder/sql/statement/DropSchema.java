package dev.polder.sql.statement;

/** DROP SCHEMA. With {@code cascade} its tables and views go with it. */
public record DropSchema(SqlText text, ObjectName name, boolean ifExists, boolean cascade)
    implements DefinitionStatement {}
