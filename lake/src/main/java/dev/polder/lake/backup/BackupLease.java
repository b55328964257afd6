package dev.polder.lake.backup;

import dev.polder.lake.Heartbeat;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.commit.Lease;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backup's hold on the files that it reads and on its place, prolonged until it is closed,
 * however long one step takes. Thread-safe.
 */
final class BackupLease implements AutoCloseable {
  static final Duration LENGTH = Duration.ofSeconds(60);
  static final long MICROS = LENGTH.toMillis() * 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(BackupLease.class);

  private final Metastore metastore;
  private final Lease lease;
  private final Heartbeat heart;
  private volatile boolean lost;

  BackupLease(Metastore metastore, Lease lease) {
    this.metastore = metastore;
    this.lease = lease;
    this.heart = new Heartbeat(LENGTH.dividedBy(4), this::beat);
  }

  private void beat() {
    if (!metastore.write(tx -> tx.storage().renewLease(lease.id(), tx.now() + MICROS))) {
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

  /** What is not released ends by itself. */
  @Override
  public void close() {
    heart.close();
    try {
      metastore.write(tx -> {
        tx.storage().releaseLease(lease.id());
        return lease;
      });
    } catch (RuntimeException e) {
      LOG.warn("a backup's lease on database {} is not released", lease.database(), e);
    }
  }
}
