package dev.polder.metastore.quota;

import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the servers that share the metastore use, as each said last; one that says nothing for a
 * while is forgotten with all that it used. Bound to one transaction.
 */
public final class ServerUseStore {
  private static final long PRESENCE = -1;
  private static final String INSERT =
      "INSERT INTO server_use (server_id, database_id, tenant, connections, qps, memory_bytes,"
          + " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)";

  private final Transaction tx;

  public ServerUseStore(Transaction tx) {
    this.tx = tx;
  }

  /** Replaces all that a server has said by what it uses now. */
  public void report(String server, Collection<ServerUse> uses, long expiresAt) {
    tx.sql()
        .update("DELETE FROM server_use WHERE server_id = ? OR expires_at <= ?", server, tx.now());
    List<@Nullable Object[]> rows = new ArrayList<>();
    rows.add(new @Nullable Object[] {server, PRESENCE, "", 0, 0, 0, expiresAt});
    uses.forEach(use ->
        rows.add(
            new @Nullable Object[] {
              server,
              use.space().database(),
              use.space().tenant(),
              use.connections(),
              use.qps(),
              use.memoryBytes(),
              expiresAt
            }));
    tx.sql().updateAll(INSERT, rows);
  }

  /** Changes how many connections a server says it has to a space. */
  public void connections(String server, SpaceKey space, long connections, long expiresAt) {
    tx.sql()
        .update(
            INSERT
                + " ON CONFLICT (server_id, database_id, tenant) DO UPDATE SET connections ="
                + " excluded.connections",
            server,
            space.database(),
            space.tenant(),
            connections,
            0,
            0,
            expiresAt);
  }

  /** What the other servers use. */
  public List<ServerUse> others(String server) {
    return tx.sql()
        .list(
            "SELECT server_id, database_id, tenant, connections, qps, memory_bytes FROM server_use"
                + " WHERE server_id <> ? AND expires_at > ? AND database_id >= 0 ORDER BY"
                + " server_id, database_id, tenant",
            row ->
                new ServerUse(
                    row.text(),
                    new SpaceKey(new DatabaseId(row.integer()), new TenantId(row.text())),
                    row.integer(),
                    row.integer(),
                    row.integer()),
            server,
            tx.now());
  }

  /** How many other servers there are. */
  public long otherServers(String server) {
    return tx.sql()
        .number(
            "SELECT COUNT(*) FROM server_use WHERE server_id <> ? AND expires_at > ? AND"
                + " database_id = ?",
            server,
            tx.now(),
            PRESENCE);
  }

  /** The server uses nothing any more. */
  public void leave(String server) {
    tx.sql().update("DELETE FROM server_use WHERE server_id = ?", server);
  }
}
