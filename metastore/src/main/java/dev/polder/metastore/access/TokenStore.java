package dev.polder.metastore.access;

import dev.polder.metastore.Page;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.TenantId;
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
      "id, principal_id, name, kind, scope, parent, created_at, expires_at, revoked_at, last_used_at";

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
    return create(principal, name, kind, TokenScope.whole(), Optional.empty(), hash, expiresAt);
  }

  /**
   * The same for one that is good for a part only, or was obtained with another one.
   *
   * @param hash of the secret, in hexadecimal
   */
  public Token create(
      PrincipalId principal,
      String name,
      TokenKind kind,
      TokenScope scope,
      Optional<TokenId> parent,
      String hash,
      OptionalLong expiresAt) {
    Token token =
        new Token(
            new TokenId(tx.newId().toString()),
            principal,
            name,
            kind,
            scope,
            parent,
            tx.now(),
            expiresAt,
            OptionalLong.empty(),
            OptionalLong.empty());
    tx.sql()
        .update(
            "INSERT INTO token (id, principal_id, name, kind, scope, parent, hash, created_at,"
                + " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            token.id(),
            principal,
            name,
            kind,
            scope.text(),
            parent,
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

  /**
   * Revokes a token and all that were obtained with it, with those that were, and so on. One that
   * was revoked before stays so.
   */
  public void revoke(Token token) {
    int revoked =
        tx.sql()
            .update(
                "WITH RECURSIVE below (id) AS (SELECT id FROM token WHERE principal_id = ? AND (id"
                    + " = ? OR (kind = ? AND name = ?)) UNION SELECT t.id FROM token t JOIN below"
                    + " b ON t.parent = b.id WHERE t.principal_id = ?) UPDATE token SET revoked_at"
                    + " = COALESCE(revoked_at, ?) WHERE id IN (SELECT id FROM below)",
                token.principal(),
                token.id(),
                TokenKind.SESSION,
                token.id().value(),
                token.principal(),
                tx.now());
    if (revoked == 0) {
      throw new PolderException(ErrorCode.TOKEN_NOT_FOUND, "the token does not exist");
    }
    tx.grants().changed();
  }

  /** Revokes the principal's sessions that began with what their name says. */
  public void revokeSessions(PrincipalId principal, String name) {
    tx.sql()
        .update(
            "UPDATE token SET revoked_at = ? WHERE principal_id = ? AND kind = ? AND name = ? AND"
                + " revoked_at IS NULL",
            tx.now(),
            principal,
            TokenKind.SESSION,
            name);
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

  /** Revokes the sessions of all the tenant's principals that began with what their name says. */
  public void revokeSessions(TenantId tenant, String name) {
    tx.sql()
        .update(
            "UPDATE token SET revoked_at = ? WHERE kind = ? AND name = ? AND revoked_at IS NULL"
                + " AND principal_id IN (SELECT id FROM principal WHERE tenant = ?)",
            tx.now(),
            TokenKind.SESSION,
            name,
            tenant);
    tx.grants().changed();
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
        TokenScope.parse(row.text()),
        row.optionalText().map(TokenId::new),
        row.integer(),
        row.optionalInteger(),
        row.optionalInteger(),
        row.optionalInteger());
  }
}
