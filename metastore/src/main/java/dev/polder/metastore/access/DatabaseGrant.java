package dev.polder.metastore.access;

import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseRole;
import dev.polder.model.GroupId;
import dev.polder.model.RoleId;
import java.util.Optional;

/**
 * A database role and who holds it: a role, which may be a user's own, or a group. Immutable.
 *
 * @param holdingRole empty when a group holds it
 * @param holdingGroup empty when a role holds it
 */
public record DatabaseGrant(
    DatabaseId database,
    DatabaseRole role,
    Optional<RoleId> holdingRole,
    Optional<GroupId> holdingGroup) {
  public static DatabaseGrant to(RoleId holder, DatabaseRole role, DatabaseId database) {
    return new DatabaseGrant(database, role, Optional.of(holder), Optional.empty());
  }

  public static DatabaseGrant to(GroupId holder, DatabaseRole role, DatabaseId database) {
    return new DatabaseGrant(database, role, Optional.empty(), Optional.of(holder));
  }
}
