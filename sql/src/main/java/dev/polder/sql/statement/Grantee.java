package dev.polder.sql.statement;

import dev.polder.model.GroupName;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleRef;

/** Who receives a grant. */
public sealed interface Grantee {
  record User(PrincipalName name) implements Grantee {}

  record Group(GroupName name) implements Grantee {}

  record Role(RoleRef name) implements Grantee {}
}
