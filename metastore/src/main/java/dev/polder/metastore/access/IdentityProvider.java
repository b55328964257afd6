package dev.polder.metastore.access;

import dev.polder.model.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * Whose tokens tell who a tenant's principals are, and how they tell it. Immutable.
 *
 * @param issuer exactly as its tokens name it; its OpenID configuration is found below it
 * @param audiences of which a token must be for one
 * @param claims where a token says what
 * @param provision whether a principal that is unknown is made at its first login
 * @param createdAt changes with every change
 */
public record IdentityProvider(
    TenantId tenant,
    String issuer,
    List<String> audiences,
    Claims claims,
    boolean provision,
    LoginMode mode,
    long createdAt) {
  public IdentityProvider {
    audiences = List.copyOf(audiences);
  }

  /**
   * Where a token says what: names of claims, or paths of such with {@code /} between them.
   *
   * @param principal the principal's name; empty: {@code preferred_username}, else {@code sub}
   * @param roles the roles in effect; empty: those that the principal was given here
   * @param rolePattern which values of the roles' claim are roles: a regular expression for the
   *     whole of one
   * @param roleName what a role is called here, with {@code $1} for the pattern's first group
   * @param tenant must say {@code tenantValue}; empty: no claim does
   */
  public record Claims(
      Optional<String> principal,
      Optional<String> roles,
      Optional<String> rolePattern,
      Optional<String> roleName,
      Optional<String> tenant,
      String tenantValue) {}
}
