package dev.polder.lake.backup;

import dev.polder.lake.Heartbeat;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.commit.Lease;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backup's hold on the files that it reads and on its place, prolonged until it is released,
 * however long one step takes. One owner.
 */
final class BackupLease implements AutoCloseable {
  static final Duration LENGTH = Duration.ofSeconds(60);
  static final long MICROS = LENGTH.toMillis() * 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(BackupLease.class);

  private final Metastore metastore;
  private final List<Lease> leases;
  private final Heartbeat heart;
  private volatile boolean lost;
  private boolean released;

  BackupLease(Metastore metastore, List<Lease> leases) {
    this.metastore = metastore;
    this.leases = List.copyOf(leases);
    this.heart = new Heartbeat(LENGTH.dividedBy(4), this::beat);
  }

  private void beat() {
    boolean held =
        metastore.write(tx ->
            leases.stream()
                .allMatch(lease -> tx.storage().renewLease(lease.id(), tx.now() + MICROS)));
    if (!held) {
      lost = true;
    }
  }

  /** Prolongs it now; fails if it is lost. */
  void renew() {
    beat();
    require();
  }

  /** Fails if it is lost. */
  void require() {
    if (lost) {
      throw new PolderException(
          ErrorCode.STATEMENT_TIMEOUT,
          "the server stood still for so long that the backup's files may be deleted; run it"
              + " again");
    }
  }

  /** Ends it in one transaction with what its end makes true. */
  void release(Consumer<MetastoreTransaction> ending) {
    heart.close();
    metastore.write(tx -> {
      leases.forEach(lease -> tx.storage().releaseLease(lease.id()));
      ending.accept(tx);
      return leases;
    });
    released = true;
  }

  /** What is not released ends by itself. */
  @Override
  public void close() {
    if (released) {
      return;
    }
    try {
      release(tx -> {});
    } catch (RuntimeException e) {
      LOG.warn("a backup's leases are not released: {}", leases, e);
    }
  }
}
