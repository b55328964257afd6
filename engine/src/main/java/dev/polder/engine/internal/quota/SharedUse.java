package dev.polder.engine.internal.quota;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.quota.ServerUse;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other servers of the metastore what this one uses, and knows what they use. A metastore
 * that is not shared is left alone. Thread-safe.
 */
final class SharedUse {
  /** A server that has said nothing for so long uses nothing. */
  static final Duration LIFE = Duration.ofSeconds(15);

  private static final Logger LOG = LoggerFactory.getLogger(SharedUse.class);
  private static final long IDLE_ROUNDS = 5;

  private final Metastore metastore;
  private final String server;
  private final Supplier<List<ServerUse>> own;
  private final AtomicBoolean working = new AtomicBoolean();
  private volatile OtherServers others = OtherServers.NONE;
  private List<ServerUse> told = List.of();
  private long silent = IDLE_ROUNDS;
  private long rounds;
  private volatile boolean away;

  /**
   * @param own what this server uses, as far as it is known without asking anybody
   */
  SharedUse(Metastore metastore, String server, Supplier<List<ServerUse>> own) {
    this.metastore = metastore;
    this.server = server;
    this.own = own;
  }

  OtherServers others() {
    return others;
  }

  /**
   * Tells and looks, in the background; called every second.
   *
   * @return whether it is time to ask the instances what they hold
   */
  boolean exchange() {
    if (!metastore.isShared()) {
      return false;
    }
    if (working.compareAndSet(false, true)) {
      Thread.startVirtualThread(() -> {
        try {
          round();
          if (away) {
            LOG.info("what other servers use is known again");
          }
          away = false;
        } catch (RuntimeException e) {
          if (!away) {
            LOG.warn(
                "what other servers use cannot be looked up, until further notice: {}",
                e.getMessage());
          }
          away = true;
        } finally {
          working.set(false);
        }
      });
    }
    return ++rounds % IDLE_ROUNDS == 0;
  }

  void round() {
    silent++;
    if (silent > IDLE_ROUNDS || !own.get().equals(told)) {
      // Only the transaction knows what its place is among those that let sessions begin.
      told =
          metastore.write(tx -> {
            List<ServerUse> uses = own.get();
            tx.serverUse().report(server, uses, tx.now() + LIFE.toMillis() * 1_000);
            return uses;
          });
      silent = 0;
    }
    OtherServers before = others;
    OtherServers now =
        metastore.read(tx ->
            new OtherServers(
                before.round() + 1,
                tx.serverUse().otherServers(server),
                tx.serverUse().others(server)));
    if (now.servers() != before.servers() || !now.uses().equals(before.uses())) {
      others = now;
    }
  }

  /** The server ends. */
  void leave() {
    if (!metastore.isShared()) {
      return;
    }
    try {
      metastore.write(tx -> {
        tx.serverUse().leave(server);
        return server;
      });
    } catch (PolderException e) {
      LOG.info("other servers forget this one when it is silent: {}", e.getMessage());
    }
  }
}
