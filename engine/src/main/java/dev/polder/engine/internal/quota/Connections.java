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
 * The sessions of this server, space by space, and the permits that each needs: one of its tenant,
 * its database and the servers. Where servers share a metastore, a session that is limited is
 * entered there before it begins, so that all of them together keep within the limit; what has
 * ended may count for some seconds more. Thread-safe.
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
    enter(space, views.view(space).bounds(QuotaField.MAX_CONNECTIONS));
    return new Permit(space);
  }

  private void enter(SpaceKey space, List<QuotaBound> bounds) {
    synchronized (this) {
      bounds.forEach(bound -> require(bound, count(bound.scope()) + 1));
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
      leave(space);
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

  private synchronized void leave(SpaceKey space) {
    open.computeIfPresent(space, (key, count) -> count == 1 ? null : count - 1);
  }

  /** How many sessions of this server count against a limit. */
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

  /** A session's right to be in its space, until it is closed. Used by its session alone. */
  public final class Permit implements AutoCloseable {
    private SpaceKey space;
    private boolean closed;

    private Permit(SpaceKey space) {
      this.space = space;
    }

    /**
     * Takes the place in another space before it gives up the one that it has. A limit that both
     * count against is not asked again.
     */
    public void move(SpaceKey to) {
      SpaceKey from = space;
      if (!from.equals(to)) {
        enter(
            to,
            views.view(to).bounds(QuotaField.MAX_CONNECTIONS).stream()
                .filter(bound -> !bound.scope().covers(from))
                .toList());
        leave(from);
        space = to;
      }
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        leave(space);
      }
    }
  }
}
