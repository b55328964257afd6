package dev.polder.sql.statement;

/** A statement about the session: its transaction, its settings, its prepared statements. */
public sealed interface SessionStatement extends Statement
    permits Use,
        SetSetting,
        ResetSetting,
        ShowSetting,
        Begin,
        Commit,
        Rollback,
        Prepare,
        Execute,
        Deallocate {}
