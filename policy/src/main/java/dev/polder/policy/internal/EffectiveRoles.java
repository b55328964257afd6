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
import dev.polder.model.SpaceKey;
import java.util.List;

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

  /** Those that count. */
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
