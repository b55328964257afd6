package dev.polder.engine.internal.show;

import dev.polder.engine.Description;
import dev.polder.engine.Result;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.statement.AdminStatement;
import dev.polder.sql.statement.DatabaseStatement;
import dev.polder.sql.statement.GrantStatement;
import dev.polder.sql.statement.MirrorStatement;
import dev.polder.sql.statement.OperationStatement;
import dev.polder.sql.statement.PolicyStatement;
import dev.polder.sql.statement.QuotaStatement;
import dev.polder.sql.statement.SourceStatement;
import dev.polder.sql.statement.TokenStatement;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Runs statements about tenants, databases, principals, grants, policies, tokens, sessions and the
 * audit trail. Each change commits at once, so none is taken inside of a transaction. Stateless.
 */
public final class AdminExecution {
  private AdminExecution() {}

  public static Result run(StatementContext context, AdminStatement statement) {
    if (changes(statement) && context.session().transaction().isPresent()) {
      throw new PolderException(
          ErrorCode.TRANSACTION_ACTIVE,
          "administrative changes commit at once and cannot be part of a transaction; COMMIT or"
              + " ROLLBACK first");
    }
    Work work = new Work(context);
    return switch (statement) {
      case AdminStatement.TenantStatement tenant -> TenantStatements.run(work, tenant);
      case MirrorStatement mirror -> MirrorStatements.run(work, mirror);
      case QuotaStatement quota -> QuotaStatements.run(work, quota);
      case DatabaseStatement database -> DatabaseStatements.run(work, database);
      case AdminStatement.UserStatement user -> UserStatements.run(work, user);
      case AdminStatement.RoleStatement role -> RoleStatements.run(work, role);
      case AdminStatement.GroupStatement group -> GroupStatements.run(work, group);
      case GrantStatement grant -> GrantStatements.run(work, grant);
      case PolicyStatement policy -> PolicyStatements.run(work, policy);
      case TokenStatement token -> TokenStatements.run(work, token);
      case SourceStatement source -> SourceStatements.run(work, source);
      case OperationStatement operation -> OperationStatements.run(work, operation);
    };
  }

  /** What the statement would answer; nothing is read. */
  public static Description describe(StatementContext context, AdminStatement statement) {
    List<Header> columns = columns(statement);
    return columns.isEmpty()
        ? new Description(false, List.of(), new Schema(List.of()), List.of())
        : Table.description(context, columns);
  }

  /** True for the forms of SHOW: they change nothing. */
  public static boolean readsOnly(AdminStatement statement) {
    return switch (statement) {
      case TokenStatement.CreateToken ignored -> false;
      case DatabaseStatement.BackupDatabase ignored -> false;
      case DatabaseStatement.RestoreDatabase ignored -> false;
      default -> !columns(statement).isEmpty();
    };
  }

  /** KILL changes no data: it may be said inside of a transaction. */
  private static boolean changes(AdminStatement statement) {
    return !readsOnly(statement) && !(statement instanceof OperationStatement.Kill);
  }

  /** The columns of the answer; none for statements that answer no rows. */
  private static List<Header> columns(AdminStatement statement) {
    return switch (statement) {
      case AdminStatement.ShowTenants ignored -> TenantStatements.COLUMNS;
      case AdminStatement.ShowIdentityProviders ignored -> IdentityProviderStatements.COLUMNS;
      case AdminStatement.ShowUsers ignored -> UserStatements.COLUMNS;
      case AdminStatement.ShowRoles ignored -> RoleStatements.COLUMNS;
      case AdminStatement.ShowGroups ignored -> GroupStatements.COLUMNS;
      case GrantStatement.ShowGrants ignored -> GrantList.COLUMNS;
      case PolicyStatement.ShowPolicies ignored -> PolicyStatements.COLUMNS;
      case TokenStatement.CreateToken ignored -> TokenStatements.CREATED;
      case TokenStatement.ShowTokens ignored -> TokenStatements.COLUMNS;
      case DatabaseStatement.CloneDatabase clone ->
          clone.dryRun() ? CloneStatements.DRY_RUN : List.of();
      case MirrorStatement.ShowMirrorStatus ignored -> MirrorStatements.STATUS;
      case MirrorStatement.ShowMirrors ignored -> MirrorList.COLUMNS;
      case MirrorStatement.ShowClusters ignored -> MirrorStatements.CLUSTERS;
      case DatabaseStatement.BackupDatabase ignored -> BackupStatements.BACKUP;
      case DatabaseStatement.RestoreDatabase ignored -> BackupStatements.RESTORE;
      case DatabaseStatement.ShowBackups ignored -> BackupStatements.BACKUPS;
      case QuotaStatement.ShowQuota show -> QuotaStatements.columns(show);
      case DatabaseStatement.ShowLineage ignored -> CloneStatements.LINEAGE;
      case DatabaseStatement.ShowDatabaseDiff ignored -> DatabaseDiff.COLUMNS;
      case OperationStatement.ShowSessions ignored -> SessionStatements.COLUMNS;
      case SourceStatement.ShowSources ignored -> SourceStatements.COLUMNS;
      case OperationStatement.ShowJobs ignored -> JobList.COLUMNS;
      case OperationStatement.ShowAudit ignored -> AuditList.COLUMNS;
      case OperationStatement.ExportAudit ignored -> AuditExport.COLUMNS;
      case OperationStatement.CollectDryRun ignored -> CollectorStatements.PREVIEW;
      case OperationStatement.ShowCollected ignored -> CollectorStatements.JOURNAL;
      case OperationStatement.VerifyAudit ignored -> AuditVerdict.COLUMNS;
      default -> List.of();
    };
  }
}
