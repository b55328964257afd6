package dev.polder.policy.internal;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.access.TokenScope;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.RoleId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The scopes that OAuth clients ask for: {@code PRINCIPAL_ROLE:} and a role's name, or ALL. */
public final class Scopes {
  private static final String ROLE = "PRINCIPAL_ROLE:";
  private static final String ALL = ROLE + "ALL";
  private static final Pattern SPACES = Pattern.compile(" +");
  private static final int MOST_SHOWN = 80;

  /** All that clients of the Iceberg specification ask for when nobody tells them what to. */
  private static final String DEFAULT_OF_ICEBERG = "catalog";

  private Scopes() {}

  /**
   * What was asked for, within what there is to give.
   *
   * @param asked empty for all there is
   * @throws PolderException INVALID_SCOPE when it is more
   */
  public static TokenScope within(
      MetastoreTransaction tx, PrincipalId principal, TokenScope most, Optional<String> asked) {
    Set<RoleId> named = new HashSet<>();
    boolean all = true;
    List<Role> held = EffectiveRoles.of(tx, principal, EffectiveRoles.reached(tx, principal, most));
    for (String word : SPACES.split(asked.orElse(""), -1)) {
      if (word.equals(ALL) || word.equals(DEFAULT_OF_ICEBERG)) {
        return most;
      }
      if (!word.isEmpty()) {
        all = false;
        named.addAll(roles(held, word));
      }
    }
    return all ? most : most.narrowed(named);
  }

  private static Set<RoleId> roles(List<Role> held, String word) {
    Set<RoleId> found = new HashSet<>();
    for (Role role : held) {
      // A role that belongs to a database has no name of this kind.
      if (role.personalOf().isEmpty()
          && role.database().isEmpty()
          && word.equals(ROLE + role.name())) {
        found.add(role.id());
      }
    }
    if (found.isEmpty()) {
      throw new PolderException(
          ErrorCode.INVALID_SCOPE,
          "'"
              + (word.length() > MOST_SHOWN ? word.substring(0, MOST_SHOWN) : word)
              + "' is no role held; a scope is "
              + ALL
              + " or a list of "
              + ROLE
              + "<name>, within that of the token exchanged");
    }
    return found;
  }

  /** A scope in the words it is asked for with. */
  public static String words(MetastoreTransaction tx, TokenScope scope) {
    return switch (scope) {
      case TokenScope.Whole() -> ALL;
      case TokenScope.Rotation() -> "CREDENTIAL_ROTATION";
      case TokenScope.OfRoles(Set<RoleId> named) -> words(tx, named);
      case TokenScope.Claimed(Set<RoleId> ignored, Set<RoleId> named) -> words(tx, named);
    };
  }

  private static String words(MetastoreTransaction tx, Set<RoleId> roles) {
    Set<String> words = new TreeSet<>();
    for (RoleId id : roles) {
      tx.roles().find(id).ifPresent(role -> words.add(ROLE + role.name()));
    }
    return String.join(" ", words);
  }
}
