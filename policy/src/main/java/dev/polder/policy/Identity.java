package dev.polder.policy;

import dev.polder.metastore.access.TokenScope;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import dev.polder.model.TokenId;
import java.util.Optional;

/**
 * Who is asking, as established by the {@code Authenticator}. Immutable.
 *
 * @param tenant empty for the server's own principals
 * @param superuser never with a scope that is not the whole
 * @param token the token it came with, if it came with one
 * @param scope how much of what the principal may do counts
 * @param external if its tenant's identity provider established it
 */
public record Identity(
    PrincipalId id,
    PrincipalName name,
    Optional<TenantId> tenant,
    boolean superuser,
    Optional<TokenId> token,
    TokenScope scope,
    Optional<ExternalLogin> external) {
  public Identity {
    superuser = superuser && scope.isWhole();
  }

  /** Somebody with all that it may do. */
  public Identity(
      PrincipalId id,
      PrincipalName name,
      Optional<TenantId> tenant,
      boolean superuser,
      Optional<TokenId> token) {
    this(id, name, tenant, superuser, token, TokenScope.whole(), Optional.empty());
  }

  /** Whether what the other one may do, and for how long, is decided by the same login. */
  public boolean isSameLogin(Identity other) {
    return id.equals(other.id)
        && token.equals(other.token)
        && scope.equals(other.scope)
        && external.isPresent() == other.external.isPresent();
  }
}
