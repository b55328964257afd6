package dev.polder.metastore.idempotency;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.PrincipalId;
import dev.polder.model.SpaceKey;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keys of requests. Of all attempts at one only the latest may finish, and what it changes it
 * finishes in the same transaction: so a request takes effect once, whatever dies in between. Bound
 * to one transaction.
 */
public final class IdempotencyStore {
  private static final String OF_KEY =
      " WHERE principal_id = ? AND database_id = ? AND tenant = ? AND request_key = ?";

  private final Transaction tx;

  public IdempotencyStore(Transaction tx) {
    this.tx = tx;
  }

  /**
   * Reserves the key for the caller's attempt, unless the request is done or somebody is at it.
   *
   * @param fingerprint tells the request from others
   */
  public KeyState begin(RequestKey key, String fingerprint, long leaseMicros, long lifeMicros) {
    tx.sql()
        .update(
            "DELETE FROM idempotency_key"
                + OF_KEY
                + " AND expires_at <= ? AND (state <> 'RUNNING' OR lease_until <= ?)",
            with(key, tx.now(), tx.now()));
    Optional<KeyState> known = find(key, fingerprint);
    boolean free =
        known.isEmpty()
            || (known.get() instanceof KeyState.Running running
                && running.leaseUntil() <= tx.now());
    if (!free) {
      return known.get();
    }
    String attempt = tx.newId().toString();
    long leaseUntil = tx.now() + leaseMicros;
    tx.sql()
        .update(
            "INSERT INTO idempotency_key (principal_id, database_id, tenant, request_key,"
                + " fingerprint, state, attempt, lease_until, expires_at) VALUES (?, ?, ?, ?, ?,"
                + " 'RUNNING', ?, ?, ?) ON CONFLICT (principal_id, database_id, tenant,"
                + " request_key) DO UPDATE SET attempt = excluded.attempt, lease_until ="
                + " excluded.lease_until",
            with(key, fingerprint, attempt, leaseUntil, tx.now() + lifeMicros));
    return new KeyState.Begun(attempt);
  }

  /** Empty: the key is not known. */
  public Optional<KeyState> find(RequestKey key, String fingerprint) {
    return tx.sql()
        .one(
            "SELECT fingerprint, state, lease_until, seq, status, detail FROM idempotency_key"
                + OF_KEY,
            row -> state(row, fingerprint),
            with(key));
  }

  private static KeyState state(Row row, String fingerprint) throws SQLException {
    if (!row.text().equals(fingerprint)) {
      return new KeyState.Taken();
    }
    String state = row.text();
    long leaseUntil = row.integer();
    var seq = row.optionalInteger();
    var status = row.optionalInteger();
    Optional<String> detail = row.optionalText();
    return switch (state) {
      case "RUNNING" -> new KeyState.Running(leaseUntil);
      case "DONE" -> new KeyState.Done(seq, detail);
      default -> new KeyState.Answered(Math.toIntExact(status.orElseThrow()), detail.orElse(""));
    };
  }

  /** As part of the transaction that does it. False: the attempt lost its right to do so. */
  public boolean done(RequestKey key, String attempt, KeyState.Done done) {
    return finish(
        "SET state = 'DONE', seq = ?, detail = ?", key, attempt, done.seq(), done.detail());
  }

  /** For a request that changed nothing. False: the attempt lost its right to say so. */
  public boolean answered(RequestKey key, String attempt, KeyState.Answered answer) {
    return finish(
        "SET state = 'ANSWERED', status = ?, detail = ?",
        key,
        attempt,
        (long) answer.status(),
        answer.body());
  }

  private boolean finish(
      String set, RequestKey key, String attempt, @Nullable Object first, @Nullable Object second) {
    return tx.sql()
            .update(
                "UPDATE idempotency_key " + set + OF_KEY + " AND attempt = ? AND state = 'RUNNING'",
                first,
                second,
                key.principal(),
                key.space().database(),
                key.space().tenant(),
                key.key().toString(),
                attempt)
        == 1;
  }

  /** Gives an attempt up that had no effect: the request may be sent again. */
  public void release(RequestKey key, String attempt) {
    tx.sql()
        .update(
            "DELETE FROM idempotency_key" + OF_KEY + " AND attempt = ? AND state = 'RUNNING'",
            with(key, attempt));
  }

  /** Gives all attempts up: for a server alone that starts. */
  public int releaseAll() {
    return tx.sql().update("DELETE FROM idempotency_key WHERE state = 'RUNNING'");
  }

  /** How many keys are kept for a principal in a space. */
  public long count(PrincipalId principal, SpaceKey space) {
    return tx.sql()
        .number(
            "SELECT COUNT(*) FROM idempotency_key WHERE principal_id = ? AND database_id = ? AND"
                + " tenant = ?",
            principal,
            space.database(),
            space.tenant());
  }

  /** Forgets keys whose lifetime is over. */
  public int deleteExpired() {
    return tx.sql()
        .update(
            "DELETE FROM idempotency_key WHERE expires_at <= ? AND (state <> 'RUNNING' OR"
                + " lease_until <= ?)",
            tx.now(),
            tx.now());
  }

  private static @Nullable Object[] with(RequestKey key, @Nullable Object... more) {
    @Nullable Object[] all = Arrays.copyOf(new @Nullable Object[0], 4 + more.length);
    all[0] = key.principal();
    all[1] = key.space().database();
    all[2] = key.space().tenant();
    all[3] = key.key().toString();
    System.arraycopy(more, 0, all, 4, more.length);
    return all;
  }
}
