package dev.polder.metastore.access;

import dev.polder.model.PrincipalId;
import dev.polder.model.TokenId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A key with which a principal authenticates; only its hash is kept. Immutable.
 *
 * @param parent the token that it was obtained with, which need not exist any more
 */
public record Token(
    TokenId id,
    PrincipalId principal,
    String name,
    TokenKind kind,
    TokenScope scope,
    Optional<TokenId> parent,
    long createdAt,
    OptionalLong expiresAt,
    OptionalLong revokedAt,
    OptionalLong lastUsedAt) {
  /** Whether it opens anything at that time. */
  public boolean isValidAt(long micros) {
    return revokedAt.isEmpty() && (expiresAt.isEmpty() || expiresAt.getAsLong() > micros);
  }
}
