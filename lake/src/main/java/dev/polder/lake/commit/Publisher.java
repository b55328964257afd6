package dev.polder.lake.commit;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.mirror.Follower;
import dev.polder.metastore.mirror.TimeoutAction;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Makes commits. Where servers elsewhere mirror the database synchronously, each of them first
 * stages the commit; nobody else waits for that, since no transaction is open meanwhile.
 * Thread-safe.
 */
final class Publisher {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Servers of the same metastore hear of followers' receipts unwoken. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long SPARE_MICROS = TimeUnit.SECONDS.toMicros(30);
  private static final String NONE = "";

  private final Metastore metastore;
  private final ChangeSignal signal;
  private final Duration timeout;
  private volatile Known known = new Known(Set.of(), System.nanoTime() - FRESH_NANOS);

  /** Databases that have followers, as of a moment. */
  private record Known(Set<DatabaseId> followed, long at) {}

  Publisher(Metastore metastore, ChangeSignal signal, Duration timeout) {
    this.metastore = metastore;
    this.signal = signal;
    this.timeout = timeout;
    if (!metastore.isShared()) {
      metastore.write(tx -> {
        tx.offers().withdrawAll();
        return tx.now();
      });
    }
  }

  CommitOutcome publish(CommitRequest request, CommitPlace place) {
    return publish(List.of(request), place).getFirst();
  }

  /**
   * Makes commits of one database in one transaction and in order, up to the first conflict, which
   * is the last outcome then; or the first one alone, where that must be staged.
   */
  List<CommitOutcome> publish(List<CommitRequest> requests, CommitPlace place) {
    DatabaseId database = requests.getFirst().database();
    if (!followed().contains(database)) {
      Optional<List<CommitOutcome>> done =
          metastore.write(tx ->
              tx.followers().awaited(database, NONE).isEmpty()
                  ? Optional.of(commit(tx, requests))
                  : Optional.empty());
      if (done.isPresent()) {
        return done.get();
      }
    }
    return List.of(stageAndCommit(requests.getFirst(), place));
  }

  private Set<DatabaseId> followed() {
    Known seen = known;
    if (System.nanoTime() - seen.at() >= FRESH_NANOS) {
      long now = System.nanoTime();
      seen =
          new Known(
              metastore.read(tx ->
                  tx.followers().list().stream()
                      .map(Follower::database)
                      .collect(Collectors.toSet())),
              now);
      known = seen;
    }
    return seen.followed();
  }

  private static List<CommitOutcome> commit(MetastoreTransaction tx, List<CommitRequest> requests) {
    List<CommitOutcome> done = new ArrayList<>();
    for (CommitRequest request : requests) {
      CommitOutcome outcome = tx.commits().commit(request);
      done.add(outcome);
      if (outcome instanceof CommitOutcome.Conflict) {
        break;
      }
    }
    return done;
  }

  private CommitOutcome stageAndCommit(CommitRequest request, CommitPlace place) {
    Optional<CommitOutcome> outcome = Optional.empty();
    while (outcome.isEmpty()) {
      place.leave();
      String offer = offer(request);
      try {
        awaitStaged(request.database(), offer, System.nanoTime());
        place.comeBack();
        outcome = metastore.write(tx -> land(tx, request, offer));
      } catch (RuntimeException e) {
        try {
          withdraw(offer);
        } catch (PolderException again) {
          e.addSuppressed(again); // It ends by itself.
        }
        throw e;
      }
      if (outcome.filter(CommitOutcome.Committed.class::isInstance).isEmpty()) {
        withdraw(offer);
      }
    }
    return outcome.get();
  }

  /** Empty: somebody else must stage the commit too, or the offer has ended. */
  private static Optional<CommitOutcome> land(
      MetastoreTransaction tx, CommitRequest request, String offer) {
    boolean whole =
        offer.equals(NONE)
            ? tx.followers().awaited(request.database(), NONE).isEmpty()
            : tx.offers().isWhole(request.database(), offer);
    if (!whole) {
      return Optional.empty();
    }
    CommitOutcome outcome = tx.commits().commit(request);
    if (outcome instanceof CommitOutcome.Committed done && !offer.equals(NONE)) {
      tx.offers().landed(offer, done.seq());
    }
    return Optional.of(outcome);
  }

  /** Offers the commit once no other one is in its way; nothing if nobody waits for it. */
  private String offer(CommitRequest request) {
    long begun = System.nanoTime();
    while (true) {
      long seen = signal.version();
      List<Follower> awaited = endWaiting(request.database(), NONE, System.nanoTime());
      if (awaited.isEmpty()) {
        return NONE;
      }
      long length =
          awaited.stream().mapToLong(Follower::syncTimeoutMicros).max().orElse(0) + SPARE_MICROS;
      Optional<String> made = metastore.write(tx -> tx.offers().make(request, length));
      if (made.isPresent()) {
        return made.get();
      }
      if (System.nanoTime() - begun > timeout.toNanos()) {
        throw Conflict.of("others were committing what it needs for " + timeout);
      }
      await(seen);
    }
  }

  private void awaitStaged(DatabaseId database, String offer, long begun) {
    if (offer.equals(NONE)) {
      return;
    }
    long seen = signal.version();
    while (!endWaiting(database, offer, begun).isEmpty()) {
      await(seen);
      seen = signal.version();
    }
  }

  /**
   * Leaves those behind that a commit has waited for long enough, or fails.
   *
   * @return those that it still waits for
   */
  private List<Follower> endWaiting(DatabaseId database, String offer, long begun) {
    long waited = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun);
    List<Follower> awaited = new ArrayList<>();
    List<Follower> late = new ArrayList<>();
    metastore.read(tx -> {
      awaited.clear();
      late.clear();
      for (Follower follower : tx.followers().awaited(database, offer)) {
        boolean over = waited >= follower.syncTimeoutMicros() || follower.isSilent(tx.now());
        (over ? late : awaited).add(follower);
      }
      return late.size();
    });
    for (Follower follower : late) {
      // One that catches up has not been promised to have everything yet.
      if (follower.onTimeout() == TimeoutAction.FAIL && follower.isPromised()) {
        throw timeout(follower);
      }
    }
    if (!late.isEmpty()) {
      metastore.write(tx -> {
        late.forEach(it -> tx.followers().leaveBehind(it, "it staged nothing in time"));
        return late.size();
      });
    }
    return awaited;
  }

  private PolderException timeout(Follower follower) {
    String database = metastore.read(tx -> tx.databases().get(follower.database())).name().value();
    return new PolderException(
        ErrorCode.MIRROR_SYNC_TIMEOUT,
        "nothing was changed: synchronous mirror "
            + follower.name()
            + " of database "
            + database
            + " did not stage the commit within "
            + TimeUnit.MICROSECONDS.toMillis(follower.syncTimeoutMicros())
            + " ms, or was not heard of for a while; look at SHOW DATABASE MIRROR STATUS FOR "
            + database
            + ", try again, or let go of the mirror with ALTER DATABASE "
            + database
            + " DETACH MIRROR "
            + follower.name());
  }

  private void await(long seen) {
    try {
      signal.await(seen, LOOK_NANOS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PolderException(
          ErrorCode.STATEMENT_CANCELLED, "the commit was cancelled while a mirror staged it", e);
    }
  }

  /** Does nothing once the offer has become a commit. */
  private void withdraw(String offer) {
    if (!offer.equals(NONE)) {
      metastore.write(tx -> {
        tx.offers().withdraw(offer);
        return offer;
      });
    }
  }
}
