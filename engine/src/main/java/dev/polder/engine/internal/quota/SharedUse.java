package dev.polder.engine.internal.quota;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.quota.ServerUse;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
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
  private final Function<Boolean, List<ServerUse>> own;
  private final AtomicBoolean working = new AtomicBoolean();
  private volatile OtherServers others = OtherServers.NONE;
  private List<ServerUse> told = List.of();
  private long silent = IDLE_ROUNDS;

  /**
   * @param own what this server uses; true: looked up anew, which takes its time
   */
  SharedUse(Metastore metastore, String server, Function<Boolean, List<ServerUse>> own) {
    this.metastore = metastore;
    this.server = server;
    this.own = own;
  }

  OtherServers others() {
    return others;
  }

  /** Tells and looks, in the background; called every second. */
  void exchange() {
    if (metastore.isShared() && working.compareAndSet(false, true)) {
      Thread.startVirtualThread(() -> {
        try {
          round();
        } catch (RuntimeException e) {
          LOG.warn("what other servers use cannot be looked up: {}", e.getMessage());
        } finally {
          working.set(false);
        }
      });
    }
  }

  private void round() {
    silent++;
    List<ServerUse> uses = own.apply(silent > IDLE_ROUNDS);
    if (!uses.equals(told) || silent > IDLE_ROUNDS) {
      metastore.write(tx -> {
        tx.serverUse().report(server, uses, tx.now() + LIFE.toMillis() * 1_000);
        return server;
      });
      told = uses;
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
