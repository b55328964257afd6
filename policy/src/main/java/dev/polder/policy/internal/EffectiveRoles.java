package dev.polder.policy.internal;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.DatabaseGrant;
import dev.polder.metastore.access.Grant;
import dev.polder.metastore.access.Group;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.access.TokenScope;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.RoleId;
import dev.polder.model.SpaceKey;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which of a principal's roles and grants count under the scope of a token. */
public final class EffectiveRoles {
  private EffectiveRoles() {}

  /** Refuses whatever is asked with a token that is good for rotating its credential only. */
  public static void requireRotated(TokenScope scope) {
    if (scope.equals(TokenScope.rotation())) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED,
          "the client secret must be rotated first; until then its tokens are good for nothing"
              + " else");
    }
  }

  /** A scope with the roles that those it names hold, as far as the principal holds them. */
  public static TokenScope reached(
      MetastoreTransaction tx, PrincipalId principal, TokenScope scope) {
    return switch (scope) {
      case TokenScope.Whole() -> scope;
      case TokenScope.Rotation() -> scope;
      case TokenScope.OfRoles(Set<RoleId> named) ->
          new TokenScope.OfRoles(
              reached(
                  tx,
                  tx.roles().heldBy(principal).stream()
                      .map(Role::id)
                      .filter(named::contains)
                      .toList()));
      case TokenScope.Claimed(Set<RoleId> held, Set<RoleId> named) ->
          new TokenScope.Claimed(claimed(tx, held), claimed(tx, named));
    };
  }

  private static Set<RoleId> reached(MetastoreTransaction tx, Collection<RoleId> from) {
    Set<RoleId> reached = new HashSet<>();
    for (RoleId role : from) {
      if (reached.add(role)) {
        tx.roles().heldThrough(role).forEach(further -> reached.add(further.id()));
      }
    }
    return reached;
  }

  /** Nobody administers because a provider says so, also not through a role that does. */
  private static Set<RoleId> claimed(MetastoreTransaction tx, Set<RoleId> from) {
    Set<RoleId> claimed = new HashSet<>();
    for (RoleId id : reached(tx, from)) {
      tx.roles()
          .find(id)
          .filter(role -> !BuiltIn.isTenantAdmin(role) && !BuiltIn.isClusterAdmin(role))
          .ifPresent(role -> claimed.add(role.id()));
    }
    return claimed;
  }

  /**
   * Those that count.
   *
   * @param scope as {@link #reached}
   */
  public static List<Role> of(MetastoreTransaction tx, PrincipalId principal, TokenScope scope) {
    return held(tx, principal, scope).stream().filter(role -> counts(role, scope)).toList();
  }

  /** All that are held, also those that do not count. */
  public static List<Role> held(MetastoreTransaction tx, PrincipalId principal, TokenScope scope) {
    return scope instanceof TokenScope.Claimed claimed
        ? claimed.held().stream().flatMap(id -> tx.roles().find(id).stream()).toList()
        : tx.roles().heldBy(principal);
  }

  /** A principal that its provider says the roles of is in no groups. */
  public static List<Group> groups(
      MetastoreTransaction tx, PrincipalId principal, TokenScope scope) {
    return scope instanceof TokenScope.Claimed ? List.of() : tx.groups().groupsOf(principal);
  }

  /** The grants that count in a space. */
  public static List<Grant> grants(
      MetastoreTransaction tx, PrincipalId principal, TokenScope scope, SpaceKey space) {
    if (scope instanceof TokenScope.Claimed claimed) {
      return claimed.named().stream()
          .flatMap(role -> tx.grants().ofRole(role).stream())
          .filter(grant -> grant.securable().space().equals(space))
          .toList();
    }
    return tx.grants().heldBy(principal, space).stream()
        .filter(grant -> scope.roles().map(it -> it.contains(grant.role())).orElse(true))
        .toList();
  }

  /** The roles on a database that count. */
  public static List<DatabaseGrant> grants(
      MetastoreTransaction tx, PrincipalId principal, TokenScope scope, DatabaseId database) {
    if (scope instanceof TokenScope.Claimed claimed) {
      return claimed.named().stream()
          .flatMap(role -> tx.databaseGrants().of(role).stream())
          .filter(grant -> grant.database().equals(database))
          .toList();
    }
    return tx.databaseGrants().heldBy(principal, database).stream()
        .filter(grant -> counts(grant, scope))
        .toList();
  }

  public static boolean counts(Role role, TokenScope scope) {
    return scope.roles().map(named -> named.contains(role.id())).orElse(true);
  }

  /** A grant to a group is no role's. */
  private static boolean counts(DatabaseGrant grant, TokenScope scope) {
    return scope
        .roles()
        .map(named -> grant.holdingRole().filter(named::contains).isPresent())
        .orElse(true);
  }
}
