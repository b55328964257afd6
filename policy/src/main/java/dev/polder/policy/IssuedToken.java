package dev.polder.policy;

import dev.polder.metastore.access.TokenKind;
import dev.polder.model.Secret;
import dev.polder.model.TokenId;
import java.time.Instant;
import java.util.Optional;

/**
 * A token just made. The only moment at which its text exists: the metastore keeps a SHA-256 of it.
 * Immutable.
 */
public record IssuedToken(TokenId id, TokenKind kind, Secret text, Optional<Instant> expiresAt) {}
