package dev.polder.engine.internal.quota;

import dev.polder.lake.QuotaViews;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.quota.QuotaBound;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.metastore.quota.QuotaScope;
import dev.polder.metastore.quota.ServerUse;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The connections of clients to this server, space by space, and the permits that each needs: one
 * of its tenant, its database and the servers, however many sessions it has there. Where servers
 * share a metastore, one that is limited is entered there before it begins, so that all of them
 * together keep within the limit; what has ended may count for some seconds more. Thread-safe.
 */
public final class Connections {
  private final Metastore metastore;
  private final QuotaViews views;
  private final String server;
  private final Map<SpaceKey, Long> open = new HashMap<>();

  Connections(Metastore metastore, QuotaViews views, String server) {
    this.metastore = metastore;
    this.views = views;
    this.server = server;
  }

  /**
   * Takes a permit for a session in the space.
   *
   * @throws PolderException CONNECTION_QUOTA_EXCEEDED
   */
  public Permit open(SpaceKey space) {
    Client client = new Client();
    enter(client, space);
    return new Permit(client, space);
  }

  /** How many sessions a client has in each space; guarded by the connections. */
  private static final class Client {
    private final Map<SpaceKey, Integer> sessions = new HashMap<>();

    private boolean isIn(QuotaScope scope) {
      return sessions.keySet().stream().anyMatch(scope::covers);
    }
  }

  /** A limit that the client counts against already is not asked again. */
  private void enter(Client client, SpaceKey space) {
    List<QuotaBound> all = views.view(space).bounds(QuotaField.MAX_CONNECTIONS);
    List<QuotaBound> bounds;
    synchronized (this) {
      if (client.sessions.containsKey(space)) {
        client.sessions.merge(space, 1, Integer::sum);
        return;
      }
      bounds = all.stream().filter(bound -> !client.isIn(bound.scope())).toList();
      bounds.forEach(bound -> require(bound, count(bound.scope()) + 1));
      client.sessions.put(space, 1);
      open.merge(space, 1L, Long::sum);
    }
    if (bounds.isEmpty() || !metastore.isShared()) {
      return;
    }
    try {
      metastore.write(tx -> {
        List<ServerUse> others = tx.serverUse().others(server);
        for (QuotaBound bound : bounds) {
          long elsewhere =
              others.stream()
                  .filter(use -> bound.scope().covers(use.space()))
                  .mapToLong(ServerUse::connections)
                  .sum();
          require(bound, elsewhere + count(bound.scope()));
        }
        tell(tx, space);
        return space;
      });
    } catch (RuntimeException e) {
      leave(client, space);
      throw e;
    }
  }

  private void tell(MetastoreTransaction tx, SpaceKey space) {
    tx.serverUse()
        .connections(server, space, count(space), tx.now() + SharedUse.LIFE.toMillis() * 1_000);
  }

  private static void require(QuotaBound bound, long connections) {
    if (connections > bound.limit()) {
      throw bound.exceeded(ErrorCode.CONNECTION_QUOTA_EXCEEDED, "no session can be opened");
    }
  }

  private synchronized void leave(Client client, SpaceKey space) {
    client.sessions.computeIfPresent(space, (key, count) -> count == 1 ? null : count - 1);
    if (!client.sessions.containsKey(space)) {
      open.computeIfPresent(space, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  /** How many connections of this server count against a limit. */
  synchronized long count(QuotaScope scope) {
    long sum = 0;
    for (Map.Entry<SpaceKey, Long> entry : open.entrySet()) {
      if (scope.covers(entry.getKey())) {
        sum += entry.getValue();
      }
    }
    return sum;
  }

  synchronized long count(SpaceKey space) {
    return open.getOrDefault(space, 0L);
  }

  synchronized Map<SpaceKey, Long> all() {
    return Map.copyOf(open);
  }

  /**
   * A session's right to be in its space, until it is closed. But for {@link #share} it is used by
   * its session alone.
   */
  public final class Permit implements AutoCloseable {
    private final Client client;
    private volatile SpaceKey space;
    private volatile boolean closed;

    private Permit(Client client, SpaceKey space) {
      this.client = client;
      this.space = space;
    }

    /** The right of another session of the same client to be there too. */
    public Permit share() {
      synchronized (Connections.this) {
        if (closed || !client.sessions.containsKey(space)) {
          throw new PolderException(
              ErrorCode.SESSION_CLOSED, "the session is closed; open another one");
        }
        client.sessions.merge(space, 1, Integer::sum);
        return new Permit(client, space);
      }
    }

    /** Where the session is. */
    public SpaceKey space() {
      return space;
    }

    /** Takes the place in another space before it gives up the one that it has. */
    public void move(SpaceKey to) {
      if (!space.equals(to)) {
        enter(client, to);
        synchronized (Connections.this) {
          SpaceKey from = space;
          space = to;
          leave(client, from);
        }
      }
    }

    @Override
    public void close() {
      synchronized (Connections.this) {
        if (!closed) {
          closed = true;
          leave(client, space);
        }
      }
    }
  }
}
