package dev.polder.model;

import java.util.Optional;

/**
 * How a role is named: by its own name, or by that of the database that it belongs to and its own
 * there. Immutable.
 */
public record RoleRef(Optional<DatabaseName> database, RoleName name) {
  public static RoleRef of(RoleName name) {
    return new RoleRef(Optional.empty(), name);
  }

  public static RoleRef in(DatabaseName database, RoleName name) {
    return new RoleRef(Optional.of(database), name);
  }

  @Override
  public String toString() {
    return database.map(it -> it + ".").orElse("") + name;
  }
}
