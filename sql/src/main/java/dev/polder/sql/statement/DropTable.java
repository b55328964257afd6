package dev.polder.sql.statement;

/** DROP TABLE. */
public record DropTable(SqlText text, ObjectName name, boolean ifExists)
    implements DefinitionStatement {}
