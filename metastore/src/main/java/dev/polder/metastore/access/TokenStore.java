package dev.polder.metastore.access;

import dev.polder.metastore.Page;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.TokenId;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The tokens, found by the hash of their secret. Revoking moves the grants epoch; making a token or
 * noting its use does not, for neither changes what anybody may do. Bound to one transaction.
 */
public final class TokenStore {
  private static final String COLUMNS =
      "id, principal_id, name, kind, created_at, expires_at, revoked_at, last_used_at";

  private final Transaction tx;

  public TokenStore(Transaction tx) {
    this.tx = tx;
  }

  /**
   * Keeps a new token by the hash of its secret.
   *
   * @param hash of the secret, in hexadecimal
   */
  public Token create(
      PrincipalId principal, String name, TokenKind kind, String hash, OptionalLong expiresAt) {
    Token token =
        new Token(
            new TokenId(tx.newId().toString()),
            principal,
            name,
            kind,
            tx.now(),
            expiresAt,
            OptionalLong.empty(),
            OptionalLong.empty());
    tx.sql()
        .update(
            "INSERT INTO token (id, principal_id, name, kind, hash, created_at, expires_at) VALUES"
                + " (?, ?, ?, ?, ?, ?, ?)",
            token.id(),
            principal,
            name,
            kind,
            hash,
            tx.now(),
            expiresAt);
    return token;
  }

  public Optional<Token> find(TokenId id) {
    return tx.sql().one("SELECT " + COLUMNS + " FROM token WHERE id = ?", TokenStore::map, id);
  }

  /** Finds revoked and expired ones too: ask {@link Token#isValidAt}. */
  public Optional<Token> findByHash(String hash) {
    return tx.sql().one("SELECT " + COLUMNS + " FROM token WHERE hash = ?", TokenStore::map, hash);
  }

  public Page<Token> list(PrincipalId principal, Optional<String> after, int limit) {
    return Page.of(
        tx.sql()
            .list(
                "SELECT "
                    + COLUMNS
                    + " FROM token WHERE principal_id = ? AND id > ? ORDER BY id LIMIT ?",
                TokenStore::map,
                principal,
                after.orElse(""),
                Page.probe(limit)),
        limit,
        token -> token.id().value());
  }

  /** A token revoked before stays so. */
  public void revoke(TokenId id) {
    int revoked =
        tx.sql()
            .update(
                "UPDATE token SET revoked_at = COALESCE(revoked_at, ?) WHERE id = ?", tx.now(), id);
    if (revoked == 0) {
      throw new PolderException(ErrorCode.TOKEN_NOT_FOUND, "the token does not exist");
    }
    tx.grants().changed();
  }

  /** Revokes all of a principal's tokens of the kind. */
  public int revokeAll(PrincipalId principal, TokenKind kind) {
    tx.grants().changed();
    return tx.sql()
        .update(
            "UPDATE token SET revoked_at = ? WHERE principal_id = ? AND kind = ? AND revoked_at IS"
                + " NULL",
            tx.now(),
            principal,
            kind);
  }

  public void markUsed(TokenId id) {
    tx.sql().update("UPDATE token SET last_used_at = ? WHERE id = ?", tx.now(), id);
  }

  /** Removes tokens that expired or were revoked before the time; returns how many. */
  public int deleteDead(long before) {
    return tx.sql()
        .update("DELETE FROM token WHERE expires_at < ? OR revoked_at < ?", before, before);
  }

  private static Token map(Row row) throws SQLException {
    return new Token(
        new TokenId(row.text()),
        new PrincipalId(row.text()),
        row.text(),
        row.enumeration(TokenKind.class),
        row.integer(),
        row.optionalInteger(),
        row.optionalInteger(),
        row.optionalInteger());
  }
}
