package dev.polder.sql.statement;

/** A statement that changes schemas, tables or views. */
public sealed interface DefinitionStatement extends Statement
    permits CreateTable,
        CreateTableAs,
        AlterTable,
        DropTable,
        CreateView,
        DropView,
        CreateSchema,
        DropSchema,
        CommentOn {}
