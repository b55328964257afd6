package dev.polder.sql.parse.internal;

import dev.polder.model.ClusterName;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupName;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleRef;
import dev.polder.model.Secret;
import dev.polder.model.TenantId;
import dev.polder.model.TokenId;
import dev.polder.sql.parse.internal.admin.AdminParser;
import dev.polder.sql.parse.internal.admin.AdminParser.*;
import dev.polder.sql.statement.AdminStatement;
import dev.polder.sql.statement.DatabaseRef;
import dev.polder.sql.statement.DatabaseStatement;
import dev.polder.sql.statement.DatabaseStatement.DatabaseChange;
import dev.polder.sql.statement.DatabaseStatement.DropMode;
import dev.polder.sql.statement.GrantStatement;
import dev.polder.sql.statement.MirrorStatement;
import dev.polder.sql.statement.OperationStatement;
import dev.polder.sql.statement.PolicyStatement;
import dev.polder.sql.statement.QuotaStatement;
import dev.polder.sql.statement.SourceStatement;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.TokenStatement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** Builds the statement from the admin grammar's tree. One use per instance. */
final class AdminBuilder {
  private final AdminParts parts;
  private final ParserRuleContext command;
  private final SqlText text;

  AdminBuilder(Cursor cursor, ParserRuleContext command) {
    this.parts = new AdminParts(cursor);
    this.command = command;
    this.text = cursor.text();
  }

  AdminStatement build() {
    return switch (command) {
      case CreateTenantContext c ->
          new AdminStatement.CreateTenant(text, tenant(c.name()), c.ifNotExists() != null);
      case DropTenantContext c ->
          new AdminStatement.DropTenant(text, tenant(c.name()), c.ifExists() != null);
      case AlterTenantContext c ->
          new AdminStatement.AlterTenant(
              text, tenant(c.name()), defaultDatabase(c.defaultDatabase()));
      case ShowTenantsContext c -> new AdminStatement.ShowTenants(text);
      case CreateIdentityProviderContext c ->
          new AdminStatement.CreateIdentityProvider(
              text, tenant(c.name()), c.REPLACE() != null, options(c.databaseOptions()));
      case DropIdentityProviderContext c ->
          new AdminStatement.DropIdentityProvider(text, tenant(c.name()), c.ifExists() != null);
      case ShowIdentityProvidersContext c -> new AdminStatement.ShowIdentityProviders(text);
      case CreateDatabaseContext c ->
          new DatabaseStatement.CreateDatabase(
              text,
              database(c.name(0)),
              c.ifNotExists() != null,
              Optional.ofNullable(c.tenant).map(this::tenant),
              options(c.databaseOptions()));
      case DropDatabaseContext c ->
          new DatabaseStatement.DropDatabase(
              text, database(c.name()), c.ifExists() != null, dropMode(c));
      case CloneDatabaseContext c ->
          new DatabaseStatement.CloneDatabase(
              text,
              database(c.clone_),
              c.ifNotExists() != null,
              database(c.source),
              c.asOf() == null ? Optional.empty() : parts.asOf(c.asOf()),
              options(c.databaseOptions()),
              c.DRY() != null);
      case MirrorDatabaseContext c ->
          new MirrorStatement.MirrorDatabase(
              text,
              database(c.mirror_),
              c.ifNotExists() != null,
              Optional.ofNullable(c.cluster).map(this::cluster),
              database(c.source),
              c.SYNC() != null,
              options(c.databaseOptions()));
      case PromoteDatabaseContext c -> new MirrorStatement.Promote(text, database(c.name()));
      case DetachMirrorContext c ->
          new MirrorStatement.DetachMirror(text, database(c.name(0)), database(c.mirror_));
      case ShowMirrorStatusContext c ->
          new MirrorStatement.ShowMirrorStatus(text, database(c.name()));
      case CreateClusterContext c -> createCluster(c);
      case AlterClusterContext c -> alterCluster(c);
      case DropClusterContext c ->
          new MirrorStatement.DropCluster(text, cluster(c.name()), c.ifExists() != null);
      case ShowMirrorsContext c -> new MirrorStatement.ShowMirrors(text);
      case ShowClustersContext c -> new MirrorStatement.ShowClusters(text);
      case RenameDatabaseContext c ->
          new DatabaseStatement.AlterDatabase(
              text, database(c.name(0)), new DatabaseChange.Rename(database(c.to)));
      case MaterializeDatabaseContext c ->
          new DatabaseStatement.AlterDatabase(
              text, database(c.name()), new DatabaseChange.Materialize());
      case AddTenantContext c ->
          new DatabaseStatement.AlterDatabase(
              text,
              database(c.database),
              new DatabaseChange.AddTenant(tenant(c.tenant), c.ifNotExists() != null));
      case RemoveTenantContext c ->
          new DatabaseStatement.AlterDatabase(
              text,
              database(c.database),
              new DatabaseChange.RemoveTenant(tenant(c.tenant), c.ifExists() != null));
      case SetIdleTimeoutContext c ->
          new DatabaseStatement.AlterDatabase(
              text,
              database(c.name()),
              new DatabaseChange.SetIdleTimeout(parts.integer(c.NUMBER(), "a number of seconds")));
      case SetAuditDmlContext c ->
          new DatabaseStatement.AlterDatabase(
              text,
              database(c.name()),
              new DatabaseChange.SetAuditDml(parts.plain(c.optionValue())));
      case SetDatabaseQuotaContext c ->
          new QuotaStatement.SetQuota(
              text, database(c.name()), Optional.empty(), options(c.optionList()));
      case SetTenantQuotaContext c ->
          new QuotaStatement.SetQuota(
              text, database(c.database), Optional.of(tenant(c.tenant)), options(c.optionList()));
      case ShowDatabaseQuotaContext c ->
          new QuotaStatement.ShowQuota(
              text, database(c.name()), Optional.empty(), c.USAGE() != null);
      case ShowTenantQuotaContext c ->
          new QuotaStatement.ShowQuota(
              text, database(c.database), Optional.of(tenant(c.tenant)), c.USAGE() != null);
      case ResetDatabaseContext c -> new DatabaseStatement.ResetDatabase(text, database(c.name()));
      case UndropDatabaseContext c ->
          new DatabaseStatement.UndropDatabase(text, database(c.name()));
      case MoveTenantContext c ->
          new DatabaseStatement.MoveTenant(
              text,
              tenant(c.tenant),
              database(c.source),
              database(c.destination),
              options(c.databaseOptions()));
      case BackupDatabaseContext c ->
          new DatabaseStatement.BackupDatabase(text, database(c.name()), parts.string(c.STRING()));
      case RestoreDatabaseContext c ->
          new DatabaseStatement.RestoreDatabase(
              text,
              database(c.name()),
              parts.string(c.STRING()),
              c.FORCE() != null,
              c.DRY() != null);
      case ShowBackupsContext c -> new DatabaseStatement.ShowBackups(text);
      case ShowLineageContext c -> new DatabaseStatement.ShowLineage(text, database(c.name()));
      case ShowDatabaseDiffContext c ->
          new DatabaseStatement.ShowDatabaseDiff(text, database(c.left), database(c.right));
      case CreateUserContext c -> createUser(c);
      case AlterUserContext c -> alterUser(c);
      case DropUserContext c ->
          new AdminStatement.DropUser(text, user(c.name()), c.ifExists() != null);
      case ShowUsersContext c -> new AdminStatement.ShowUsers(text, of(c.ofTenant()));
      case CreateRoleContext c ->
          new AdminStatement.CreateRole(
              text, role(c.roleRef()), c.ifNotExists() != null, of(c.ofTenant()));
      case DropRoleContext c ->
          new AdminStatement.DropRole(
              text, role(c.roleRef()), c.ifExists() != null, of(c.ofTenant()));
      case ShowRolesContext c -> new AdminStatement.ShowRoles(text, of(c.ofTenant()));
      case CreateGroupContext c ->
          new AdminStatement.CreateGroup(
              text, group(c.name()), c.ifNotExists() != null, of(c.ofTenant()));
      case DropGroupContext c ->
          new AdminStatement.DropGroup(
              text, group(c.name()), c.ifExists() != null, of(c.ofTenant()));
      case ShowGroupsContext c -> new AdminStatement.ShowGroups(text, of(c.ofTenant()));
      case AddMemberContext c ->
          new AdminStatement.AddMember(text, user(c.user), group(c.group), of(c.ofTenant()));
      case GrantGroupContext c ->
          new AdminStatement.AddMember(text, user(c.user), group(c.group), of(c.ofTenant()));
      case RemoveMemberContext c ->
          new AdminStatement.RemoveMember(text, user(c.user), group(c.group), of(c.ofTenant()));
      case RevokeGroupContext c ->
          new AdminStatement.RemoveMember(text, user(c.user), group(c.group), of(c.ofTenant()));
      case GrantRoleContext c ->
          new GrantStatement.GrantRole(
              text, role(c.role), of(c.ofTenant()), parts.grantee(c.grantee()));
      case RevokeRoleContext c ->
          new GrantStatement.RevokeRole(
              text, role(c.role), of(c.ofTenant()), parts.grantee(c.grantee()));
      case GrantDatabaseContext c ->
          new GrantStatement.GrantDatabase(
              text,
              parts.databaseRole(c.databaseRole()),
              database(c.name()),
              parts.grantee(c.databaseGrantee()));
      case RevokeDatabaseContext c ->
          new GrantStatement.RevokeDatabase(
              text,
              parts.databaseRole(c.databaseRole()),
              database(c.name()),
              parts.grantee(c.databaseGrantee()));
      case GrantContext c ->
          new GrantStatement.Grant(
              text,
              parts.privileges(c.privilege()),
              parts.target(c.target()),
              of(c.ofTenant()),
              parts.grantee(c.grantee()));
      case RevokeContext c ->
          new GrantStatement.Revoke(
              text,
              parts.privileges(c.privilege()),
              parts.target(c.target()),
              of(c.ofTenant()),
              parts.grantee(c.grantee()));
      case ShowGrantsContext c ->
          new GrantStatement.ShowGrants(
              text, Optional.ofNullable(c.grantee()).map(parts::grantee), of(c.ofTenant()));
      case CreateRowFilterContext c ->
          new PolicyStatement.CreateRowFilter(
              text,
              parts.name(c.policy),
              c.OR() != null,
              parts.objectName(c.objectName()),
              Optional.ofNullable(c.role).map(this::role),
              parts.inner(c.expression()));
      case DropRowFilterContext c ->
          new PolicyStatement.DropRowFilter(
              text, parts.name(c.policy), c.ifExists() != null, parts.objectName(c.objectName()));
      case CreateColumnMaskContext c ->
          new PolicyStatement.CreateColumnMask(
              text,
              parts.name(c.policy),
              c.OR() != null,
              parts.objectName(c.objectName()),
              parts.name(c.column),
              Optional.ofNullable(c.role).map(this::role),
              parts.inner(c.expression()));
      case DropColumnMaskContext c ->
          new PolicyStatement.DropColumnMask(
              text, parts.name(c.policy), c.ifExists() != null, parts.objectName(c.objectName()));
      case ShowPoliciesContext c ->
          new PolicyStatement.ShowPolicies(
              text, Optional.ofNullable(c.objectName()).map(parts::objectName));
      case CreateTokenContext c ->
          new TokenStatement.CreateToken(
              text,
              c.TOKEN() != null ? TokenStatement.Kind.TOKEN : TokenStatement.Kind.API_KEY,
              parts.name(c.name(0)),
              Optional.ofNullable(c.user).map(this::user),
              Optional.ofNullable(c.expiry()).map(parts::expiry));
      case RevokeTokenContext c ->
          new TokenStatement.RevokeToken(text, new TokenId(parts.identifier(c.identifier())));
      case ShowTokensContext c ->
          new TokenStatement.ShowTokens(text, Optional.ofNullable(c.user).map(this::user));
      case ShowSessionsContext c ->
          new OperationStatement.ShowSessions(
              text, Optional.ofNullable(c.name()).map(this::database));
      case ShowSourcesContext c ->
          new SourceStatement.ShowSources(text, Optional.ofNullable(c.name()).map(this::database));
      case ShowJobsContext c -> new OperationStatement.ShowJobs(text);
      case KillContext c ->
          new OperationStatement.Kill(text, c.QUERY() != null, parts.identifier(c.identifier()));
      case CollectDryRunContext c -> new OperationStatement.CollectDryRun(text, database(c.name()));
      case ShowCollectedContext c ->
          new OperationStatement.ShowCollected(
              text, Optional.ofNullable(c.name()).map(this::database), limit(c.NUMBER()));
      case VerifyAuditContext c -> new OperationStatement.VerifyAudit(text, trail(c.auditTrail()));
      case ShowAuditContext c ->
          new OperationStatement.ShowAudit(
              text,
              trail(c.auditTrail()),
              new AuditConditions(parts).of(c.auditFilter()),
              limit(c.NUMBER()));
      case ExportAuditContext c ->
          new OperationStatement.ExportAudit(
              text,
              trail(c.auditTrail()),
              new AuditConditions(parts).of(c.auditFilter()),
              limit(c.NUMBER()));
      default -> throw new IllegalStateException("unknown command " + command.getClass());
    };
  }

  private Optional<DatabaseRef> trail(@Nullable AuditTrailContext trail) {
    if (trail == null) {
      return Optional.empty();
    }
    return Optional.of(
        trail.NUMBER() == null
            ? new DatabaseRef.Named(database(trail.name()))
            : new DatabaseRef.Numbered(
                new DatabaseId(parts.integer(trail.NUMBER(), "a database's number"))));
  }

  private OptionalInt limit(@Nullable TerminalNode number) {
    return number == null
        ? OptionalInt.empty()
        : OptionalInt.of(parts.integer(number, "a number of rows"));
  }

  private static DropMode dropMode(DropDatabaseContext c) {
    if (c.FORCE() != null) {
      return DropMode.FORCE;
    }
    return c.CASCADE() != null ? DropMode.CASCADE : DropMode.RESTRICT;
  }

  private AdminStatement createUser(CreateUserContext c) {
    Optional<Secret> password = Optional.empty();
    Optional<TenantId> tenant = Optional.empty();
    boolean superuser = false;
    SqlText redacted = text;
    for (AdminParser.UserOptionContext option : c.userOption()) {
      switch (option) {
        case UserPasswordContext p -> {
          once(password.isPresent(), option);
          password = Optional.of(Secret.of(parts.string(p.STRING())));
          redacted = redact(p.STRING());
        }
        case UserTenantContext t -> {
          once(tenant.isPresent(), option);
          tenant = Optional.of(tenant(t.name()));
        }
        default -> {
          once(superuser, option);
          superuser = true;
        }
      }
    }
    return new AdminStatement.CreateUser(
        redacted, user(c.name()), c.ifNotExists() != null, password, tenant, superuser);
  }

  private void once(boolean seen, ParserRuleContext option) {
    if (seen) {
      throw parts.error(ErrorCode.SYNTAX_ERROR, "this option is given twice", option);
    }
  }

  private AdminStatement alterUser(AlterUserContext c) {
    SqlText redacted = text;
    AdminStatement.UserChange change =
        switch (c.userChange()) {
          case ChangePasswordContext p -> {
            redacted = redact(p.STRING());
            yield new AdminStatement.UserChange.SetPassword(Secret.of(parts.string(p.STRING())));
          }
          case EnableUserContext e -> new AdminStatement.UserChange.SetEnabled(true);
          case DisableUserContext d -> new AdminStatement.UserChange.SetEnabled(false);
          case ChangeDefaultDatabaseContext d ->
              new AdminStatement.UserChange.SetDefaultDatabase(
                  defaultDatabase(d.defaultDatabase()));
          case MakeSuperuserContext s -> new AdminStatement.UserChange.SetSuperuser(true);
          default -> new AdminStatement.UserChange.SetSuperuser(false);
        };
    return new AdminStatement.AlterUser(redacted, user(c.name()), change);
  }

  private Optional<DatabaseName> defaultDatabase(DefaultDatabaseContext c) {
    return c instanceof NamedDefaultDatabaseContext named
        ? Optional.of(database(named.name()))
        : Optional.empty();
  }

  private SqlText redact(TerminalNode string) {
    return parts.redacted(string);
  }

  private Map<String, String> options(@Nullable DatabaseOptionsContext options) {
    return options == null ? Map.of() : options(options.optionList());
  }

  private Map<String, String> options(OptionListContext options) {
    Map<String, String> result = new LinkedHashMap<>();
    for (OptionContext option : options.option()) {
      String key = parts.plain(option.optionKey());
      if (result.put(key, parts.plain(option.optionValue())) != null) {
        throw parts.error(
            ErrorCode.SYNTAX_ERROR, "the option '" + key + "' is given twice", option);
      }
    }
    return result;
  }

  private Optional<TenantId> of(@Nullable OfTenantContext tenant) {
    return tenant == null ? Optional.empty() : Optional.of(tenant(tenant.name()));
  }

  private AdminStatement createCluster(CreateClusterContext c) {
    Map<String, String> options = options(c.databaseOptions());
    String url = options.get("url");
    String token = options.get("token");
    if (url == null || token == null || options.size() != 2) {
      throw parts.error(
          ErrorCode.SYNTAX_ERROR, "a cluster has the options url and token, both in quotes", c);
    }
    SqlText redacted = text;
    for (OptionContext option : c.databaseOptions().optionList().option()) {
      if (parts.plain(option.optionKey()).equals("token")) {
        if (option.optionValue().STRING() == null) {
          throw parts.error(ErrorCode.SYNTAX_ERROR, "the token stands in quotes", option);
        }
        redacted = redact(option.optionValue().STRING());
      }
    }
    return new MirrorStatement.CreateCluster(
        redacted, cluster(c.name()), c.ifNotExists() != null, url, Secret.of(token));
  }

  private AdminStatement alterCluster(AlterClusterContext c) {
    SqlText redacted = text;
    Optional<String> url = Optional.empty();
    Optional<Secret> token = Optional.empty();
    for (ClusterSettingContext setting : c.clusterSetting()) {
      if (setting.URL() == null ? token.isPresent() : url.isPresent()) {
        throw parts.error(ErrorCode.SYNTAX_ERROR, "this is set already", setting);
      }
      String value = parts.string(setting.STRING());
      if (setting.URL() != null) {
        url = Optional.of(value);
      } else {
        token = Optional.of(Secret.of(value));
        redacted = redact(setting.STRING());
      }
    }
    return new MirrorStatement.AlterCluster(redacted, cluster(c.name()), url, token);
  }

  private ClusterName cluster(NameContext name) {
    return located(name, () -> new ClusterName(parts.name(name)));
  }

  private DatabaseName database(NameContext name) {
    return located(name, () -> new DatabaseName(parts.name(name)));
  }

  private TenantId tenant(NameContext name) {
    return located(name, () -> new TenantId(parts.name(name)));
  }

  private PrincipalName user(NameContext name) {
    return located(name, () -> new PrincipalName(parts.name(name)));
  }

  private RoleRef role(AdminParser.RoleRefContext ref) {
    return located(ref, () -> parts.role(ref));
  }

  private GroupName group(NameContext name) {
    return located(name, () -> new GroupName(parts.name(name)));
  }

  private <T> T located(ParserRuleContext at, java.util.function.Supplier<T> make) {
    try {
      return make.get();
    } catch (PolderException e) {
      throw parts.error(e.code(), java.util.Objects.requireNonNullElse(e.getMessage(), ""), at);
    }
  }
}
