package dev.polder.sql.statement;

/** ALTER TABLE or ALTER VIEW with one change. */
public record AlterTable(
    SqlText text, ObjectKind kind, ObjectName name, boolean ifExists, TableChange change)
    implements DefinitionStatement {}
