package dev.polder.lake.mirror;

import dev.polder.lake.commit.ChangeSignal;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.mirror.Cluster;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.metastore.mirror.MirrorMode;
import dev.polder.metastore.mirror.MirrorState;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the source of a synchronous mirror on another server, before the mirror is promoted, what
 * became of the commits that are staged. Thread-safe.
 */
public final class LastQuestions {
  private static final Logger LOG = LoggerFactory.getLogger(LastQuestions.class);
  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final long CATCH_UP_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Metastore metastore;
  private final Mirrors mirrors;
  private final ChangeSignal signal;

  public LastQuestions(Metastore metastore, Mirrors mirrors, ChangeSignal signal) {
    this.metastore = metastore;
    this.mirrors = mirrors;
    this.signal = signal;
  }

  /**
   * Gives a mirror whose source answers a moment to apply what that has.
   *
   * @return the staged commits that the source has not given up; empty: it cannot be asked
   */
  public Optional<Set<String>> ask(DatabaseId id) {
    Optional<Mirror> found =
        metastore
            .read(tx -> tx.mirrors().active(id))
            .filter(it -> it.cluster().isPresent() && it.mode() == MirrorMode.SYNC);
    if (found.isEmpty() || found.get().state() != MirrorState.FOLLOWING) {
      return Optional.empty();
    }
    Mirror mirror = found.get();
    try (RemoteSource source = open(mirror)) {
      String follower = Staging.follower(metastore, metastore.read(tx -> tx.databases().get(id)));
      Wire.Changes changes =
          source.changes(mirror.lastApplied(), mirror.accessEpoch(), 0, Optional.of(follower));
      boolean same = mirror.sourceIdentity().filter(changes.identity()::equals).isPresent();
      if (!same || changes.standing().isEmpty()) {
        return Optional.empty();
      }
      awaitApplied(id, changes.newest());
      return Optional.of(
          changes.offers().stream().map(Wire.Offered::id).collect(Collectors.toSet()));
    } catch (PolderException e) {
      if (e.code() == ErrorCode.STATEMENT_CANCELLED) {
        throw e;
      }
      LOG.info("the source of mirror {} cannot be asked: {}", id, e.getMessage());
      return Optional.empty();
    }
  }

  private RemoteSource open(Mirror mirror) {
    Cluster cluster = metastore.read(tx -> tx.clusters().get(mirror.cluster().orElseThrow()));
    return mirrors.source(cluster, mirror.sourceName(), ANSWER);
  }

  private void awaitApplied(DatabaseId id, long newest) {
    long end = System.nanoTime() + CATCH_UP_NANOS;
    while (System.nanoTime() < end
        && metastore
            .read(tx -> tx.mirrors().active(id))
            .filter(it -> it.lastApplied() < newest)
            .isPresent()) {
      try {
        signal.await(signal.version(), LOOK_NANOS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PolderException(
            ErrorCode.STATEMENT_CANCELLED, "the promotion was cancelled; nothing was changed", e);
      }
    }
  }
}
