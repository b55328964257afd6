package dev.polder.sql.statement;

import dev.polder.model.DatabaseName;
import dev.polder.model.DatabaseRole;
import dev.polder.model.Privilege;
import dev.polder.model.RoleRef;
import dev.polder.model.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Grants of privileges and of roles. */
public sealed interface GrantStatement extends AdminStatement {
  /** GRANT privileges ON target TO grantee. */
  record Grant(
      SqlText text,
      List<GrantedPrivilege> privileges,
      GrantTarget target,
      Optional<TenantId> tenant,
      Grantee grantee)
      implements GrantStatement {}

  /** REVOKE privileges ON target FROM grantee. */
  record Revoke(
      SqlText text,
      List<GrantedPrivilege> privileges,
      GrantTarget target,
      Optional<TenantId> tenant,
      Grantee grantee)
      implements GrantStatement {}

  /** GRANT DATABASE_… ON DATABASE. */
  record GrantDatabase(SqlText text, DatabaseRole role, DatabaseName database, Grantee grantee)
      implements GrantStatement {}

  /** REVOKE DATABASE_… ON DATABASE. */
  record RevokeDatabase(SqlText text, DatabaseRole role, DatabaseName database, Grantee grantee)
      implements GrantStatement {}

  record GrantRole(SqlText text, RoleRef role, Optional<TenantId> tenant, Grantee grantee)
      implements GrantStatement {}

  record RevokeRole(SqlText text, RoleRef role, Optional<TenantId> tenant, Grantee grantee)
      implements GrantStatement {}

  /** SHOW GRANTS; empty grantee: the session's own. */
  record ShowGrants(SqlText text, Optional<Grantee> grantee, Optional<TenantId> tenant)
      implements GrantStatement {}

  /**
   * One element of a grant's list, shorthands expanded.
   *
   * @param columns empty: the whole object
   */
  record GrantedPrivilege(Set<Privilege> privileges, List<String> columns) {}
}
