package dev.polder.sql.statement;

import dev.polder.model.DatabaseName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A look at the running server and the audit trail. */
public sealed interface OperationStatement extends AdminStatement {
  /** The background work of all servers. */
  record ShowJobs(SqlText text) implements OperationStatement {}

  /**
   * SHOW SESSIONS.
   *
   * @param database empty: of all databases
   */
  record ShowSessions(SqlText text, Optional<DatabaseName> database)
      implements OperationStatement {}

  /**
   * KILL SESSION, KILL QUERY.
   *
   * @param queryOnly the session lives on, its running statement ends
   */
  record Kill(SqlText text, boolean queryOnly, String id) implements OperationStatement {}

  /** COLLECT DATABASE … DRY RUN: what the collector would take. */
  record CollectDryRun(SqlText text, DatabaseName database) implements OperationStatement {}

  /**
   * SHOW COLLECTED: the journal of deleted files, newest first.
   *
   * @param database empty: of all databases
   */
  record ShowCollected(SqlText text, Optional<DatabaseName> database, OptionalInt limit)
      implements OperationStatement {}

  /**
   * SHOW AUDIT.
   *
   * @param database whose trail; empty: the server's own
   */
  record ShowAudit(
      SqlText text,
      Optional<DatabaseRef> database,
      List<AuditCondition> conditions,
      OptionalInt limit)
      implements OperationStatement {
    public ShowAudit {
      conditions = List.copyOf(conditions);
    }
  }

  /**
   * AUDIT EXPORT: the records as they are stored, oldest first.
   *
   * @param database whose trail; empty: the server's own
   */
  record ExportAudit(
      SqlText text,
      Optional<DatabaseRef> database,
      List<AuditCondition> conditions,
      OptionalInt limit)
      implements OperationStatement {
    public ExportAudit {
      conditions = List.copyOf(conditions);
    }
  }

  /**
   * AUDIT VERIFY.
   *
   * @param database whose trail; empty: the server's own
   */
  record VerifyAudit(SqlText text, Optional<DatabaseRef> database) implements OperationStatement {}
}
