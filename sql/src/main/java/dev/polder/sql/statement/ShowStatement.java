package dev.polder.sql.statement;

/** A statement that lists what the session may see; answered by the engine, not by DuckDB. */
public sealed interface ShowStatement extends Statement
    permits ShowTables, ShowSchemas, ShowDatabases, ShowColumns, ShowCreate {}
