package dev.polder.sql.statement;

import dev.polder.model.DatabaseName;
import dev.polder.model.GroupName;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleRef;
import dev.polder.model.Secret;
import dev.polder.model.TenantId;
import java.util.Map;
import java.util.Optional;

/**
 * A statement about tenants, databases, principals, grants, policies, tokens, sessions or the audit
 * trail. Passwords are held apart from the text; {@link #redacted()} never shows them.
 */
public sealed interface AdminStatement extends Statement
    permits AdminStatement.TenantStatement,
        MirrorStatement,
        DatabaseStatement,
        QuotaStatement,
        AdminStatement.UserStatement,
        AdminStatement.RoleStatement,
        AdminStatement.GroupStatement,
        GrantStatement,
        PolicyStatement,
        TokenStatement,
        SourceStatement,
        OperationStatement {

  /** About tenants. */
  sealed interface TenantStatement extends AdminStatement {}

  record CreateTenant(SqlText text, TenantId tenant, boolean ifNotExists)
      implements TenantStatement {}

  record DropTenant(SqlText text, TenantId tenant, boolean ifExists) implements TenantStatement {}

  /**
   * ALTER TENANT … SET DEFAULT DATABASE.
   *
   * @param database empty: none
   */
  record AlterTenant(SqlText text, TenantId tenant, Optional<DatabaseName> database)
      implements TenantStatement {}

  record ShowTenants(SqlText text) implements TenantStatement {}

  /**
   * CREATE IDENTITY PROVIDER FOR TENANT.
   *
   * @param options its settings
   */
  record CreateIdentityProvider(
      SqlText text, TenantId tenant, boolean orReplace, Map<String, String> options)
      implements TenantStatement {
    public CreateIdentityProvider {
      options = Map.copyOf(options);
    }
  }

  record DropIdentityProvider(SqlText text, TenantId tenant, boolean ifExists)
      implements TenantStatement {}

  record ShowIdentityProviders(SqlText text) implements TenantStatement {}

  /** About users. The texts of those that carry a password have it replaced by {@code '***'}. */
  sealed interface UserStatement extends AdminStatement {}

  record CreateUser(
      SqlText text,
      PrincipalName user,
      boolean ifNotExists,
      Optional<Secret> password,
      Optional<TenantId> tenant,
      boolean superuser)
      implements UserStatement {}

  record AlterUser(SqlText text, PrincipalName user, UserChange change) implements UserStatement {}

  record DropUser(SqlText text, PrincipalName user, boolean ifExists) implements UserStatement {}

  record ShowUsers(SqlText text, Optional<TenantId> tenant) implements UserStatement {}

  /** What ALTER USER changes. */
  sealed interface UserChange {
    record SetPassword(Secret password) implements UserChange {}

    record SetEnabled(boolean enabled) implements UserChange {}

    record SetSuperuser(boolean superuser) implements UserChange {}

    /** Empty: none. */
    record SetDefaultDatabase(Optional<DatabaseName> database) implements UserChange {}
  }

  /** About roles. */
  sealed interface RoleStatement extends AdminStatement {}

  record CreateRole(SqlText text, RoleRef role, boolean ifNotExists, Optional<TenantId> tenant)
      implements RoleStatement {}

  record DropRole(SqlText text, RoleRef role, boolean ifExists, Optional<TenantId> tenant)
      implements RoleStatement {}

  record ShowRoles(SqlText text, Optional<TenantId> tenant) implements RoleStatement {}

  /** About groups. */
  sealed interface GroupStatement extends AdminStatement {}

  record CreateGroup(SqlText text, GroupName group, boolean ifNotExists, Optional<TenantId> tenant)
      implements GroupStatement {}

  record DropGroup(SqlText text, GroupName group, boolean ifExists, Optional<TenantId> tenant)
      implements GroupStatement {}

  record ShowGroups(SqlText text, Optional<TenantId> tenant) implements GroupStatement {}

  record AddMember(SqlText text, PrincipalName user, GroupName group, Optional<TenantId> tenant)
      implements GroupStatement {}

  record RemoveMember(SqlText text, PrincipalName user, GroupName group, Optional<TenantId> tenant)
      implements GroupStatement {}
}
