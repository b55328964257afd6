package dev.polder.policy.admin;

import dev.polder.model.GroupName;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleRef;

/** Who receives a grant. Immutable. */
public sealed interface Grantee {
  /** The role of that name in the securable's tenant, or else the server's. */
  record ToRole(RoleRef name) implements Grantee {}

  /** The user itself, through its own hidden role. */
  record ToUser(PrincipalName name) implements Grantee {}

  /** A group: of database roles alone; privileges go to roles, and these to groups. */
  record ToGroup(GroupName name) implements Grantee {}
}
