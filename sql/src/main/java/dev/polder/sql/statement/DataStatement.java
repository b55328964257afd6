package dev.polder.sql.statement;

/** A statement that changes a table's rows or moves rows into or out of a file. */
public sealed interface DataStatement extends Statement
    permits Insert, Update, Delete, Merge, Truncate, CopyFrom, CopyTo {}
