package dev.polder.policy.internal;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.DatabaseGrant;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.access.TokenScope;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.RoleId;
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
    if (!(scope instanceof TokenScope.OfRoles(Set<RoleId> named))) {
      return scope;
    }
    Set<RoleId> reached = new HashSet<>();
    for (Role role : tx.roles().heldBy(principal)) {
      if (named.contains(role.id()) && reached.add(role.id())) {
        tx.roles().heldThrough(role.id()).forEach(further -> reached.add(further.id()));
      }
    }
    return new TokenScope.OfRoles(reached);
  }

  /**
   * The roles that count.
   *
   * @param scope as {@link #reached}
   */
  public static List<Role> of(MetastoreTransaction tx, PrincipalId principal, TokenScope scope) {
    return tx.roles().heldBy(principal).stream().filter(role -> counts(role, scope)).toList();
  }

  public static boolean counts(Role role, TokenScope scope) {
    return scope.roles().map(named -> named.contains(role.id())).orElse(true);
  }

  /** A grant to a group is no role's. */
  public static boolean counts(DatabaseGrant grant, TokenScope scope) {
    return scope
        .roles()
        .map(named -> grant.holdingRole().filter(named::contains).isPresent())
        .orElse(true);
  }
}
