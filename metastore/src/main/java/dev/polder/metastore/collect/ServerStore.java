package dev.polder.metastore.collect;

import dev.polder.metastore.internal.Transaction;

/**
 * The servers that share the metastore, each with the start of the oldest work that it still does.
 * One that does not renew its row in time is taken to be dead. Bound to one transaction.
 */
public final class ServerStore {
  private final Transaction tx;

  public ServerStore(Transaction tx) {
    this.tx = tx;
  }

  /**
   * Says that the server lives.
   *
   * @param oldestAt nothing that began before runs on it, in microseconds
   */
  public void beat(String id, long oldestAt, long expiresAt) {
    tx.sql()
        .update(
            "INSERT INTO server (id, started_at, oldest_at, expires_at) VALUES (?, ?, ?, ?) ON"
                + " CONFLICT (id) DO UPDATE SET oldest_at = excluded.oldest_at, expires_at ="
                + " excluded.expires_at",
            id,
            tx.now(),
            oldestAt,
            expiresAt);
    tx.sql().update("DELETE FROM server WHERE expires_at <= ?", tx.now());
  }

  /** The server does nothing any more. */
  public void leave(String id) {
    tx.sql().update("DELETE FROM server WHERE id = ?", id);
  }

  /** No server lives but the caller's, which has not begun: jobs that others had are free. */
  public void endAll() {
    tx.sql().update("DELETE FROM server");
    tx.sql().update("UPDATE job SET lease_until = NULL WHERE finished_at IS NULL");
  }

  /** The start of the oldest work on any living server; now, if there is none. */
  public long oldest() {
    return tx.sql()
        .number(
            "SELECT COALESCE(MIN(oldest_at), ?) FROM server WHERE expires_at > ?",
            tx.now(),
            tx.now());
  }
}
