package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.sql.statement.OperationStatement;

/** SHOW SESSIONS, KILL and SHOW AUDIT. Stateless. */
final class OperationStatements {
  private OperationStatements() {}

  static Result run(Work work, OperationStatement statement) {
    return switch (statement) {
      case OperationStatement.ShowSessions(var _, var database) ->
          SessionStatements.show(work, database);
      case OperationStatement.ShowJobs ignored -> JobList.of(work).answer(work.context());
      case OperationStatement.Kill kill -> SessionStatements.kill(work, kill);
      case OperationStatement.ShowAudit show -> AuditList.of(work, show).answer(work.context());
      case OperationStatement.ExportAudit export ->
          AuditExport.of(work, export).answer(work.context());
      case OperationStatement.CollectDryRun collect ->
          CollectorStatements.preview(work, collect.database()).answer(work.context());
      case OperationStatement.ShowCollected show ->
          CollectorStatements.journal(work, show).answer(work.context());
      case OperationStatement.VerifyAudit verify ->
          AuditVerdict.of(work, verify.database()).answer(work.context());
    };
  }
}
