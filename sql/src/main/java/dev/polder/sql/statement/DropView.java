package dev.polder.sql.statement;

/** DROP VIEW. */
public record DropView(SqlText text, ObjectName name, boolean ifExists)
    implements DefinitionStatement {}
