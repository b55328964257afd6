package dev.polder.lake.mirror;

import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.lineage.DatabaseAccess;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.metastore.lineage.OwnVersion;
import dev.polder.metastore.mirror.Cluster;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.metastore.mirror.MirrorState;
import dev.polder.metastore.mirror.StagedCommit;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one database of another server: takes its state over as a whole, then commit by commit,
 * each in one metastore transaction once its files are here and durable. What was copied is found
 * again after a crash. One owner, who closes it.
 */
public final class RemoteMirror implements AutoCloseable {
  private static final long HOLD_MICROS = TimeUnit.SECONDS.toMicros(15);
  private static final long BEAT_MILLIS = 3_000;
  private static final Logger LOG = LoggerFactory.getLogger(RemoteMirror.class);
  private static final long WAIT_MILLIS = 1_000;

  private final Metastore metastore;
  private final DatabaseId database;
  private final String holder;
  private final Cluster cluster;
  private final RemoteSource source;
  private final RemoteCopies copies;
  private final Staging staging;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("polder-mirror-beat").factory());
  private final AtomicLong copied = new AtomicLong();
  private final AtomicReference<@Nullable PolderException> lost = new AtomicReference<>();
  private volatile Optional<Mirror> busy = Optional.empty();
  private volatile Optional<String> lease = Optional.empty();

  private RemoteMirror(
      Metastore metastore,
      Warehouse warehouse,
      DatabaseId database,
      String holder,
      Cluster cluster,
      RemoteSource source) {
    this.metastore = metastore;
    this.cluster = cluster;
    this.database = database;
    this.holder = holder;
    this.source = source;
    this.copies = new RemoteCopies(metastore, warehouse, source, this::copied);
    this.staging = new Staging(metastore, database, holder, source, copies);
    var beats =
        timer.scheduleWithFixedDelay(this::beat, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    LOG.trace("keeping the right to follow: {}", beats);
  }

  /**
   * Opens the way to a mirror's source.
   *
   * @param holder who applies: one at a time does
   */
  public static RemoteMirror open(
      Metastore metastore, Warehouse warehouse, Mirrors mirrors, Mirror mirror, String holder) {
    try {
      Cluster cluster = metastore.read(tx -> tx.clusters().get(mirror.cluster().orElseThrow()));
      return new RemoteMirror(
          metastore,
          warehouse,
          mirror.database(),
          holder,
          cluster,
          mirrors.source(cluster, mirror.sourceName()));
    } catch (PolderException e) {
      metastore.write(tx -> {
        // Another server may be able to follow, and says then how it fares.
        if (tx.mirrors().hold(mirror.database(), holder, HOLD_MICROS)) {
          tx.mirrors().failed(mirror, e.code() + ": " + e.getMessage());
          tx.mirrors().release(mirror.database(), holder);
        }
        return holder;
      });
      throw e;
    }
  }

  /**
   * Does the next thing: waits a moment for a commit of the source, and applies what there is.
   *
   * @return false: there is nothing to do here any more, another server does it, or the cluster's
   *     address or token was changed and a mirror has to be opened with them
   */
  public boolean step() {
    boolean held = metastore.write(tx -> tx.mirrors().hold(database, holder, HOLD_MICROS));
    Optional<Mirror> found = metastore.read(tx -> tx.mirrors().following(database));
    if (!held || found.isEmpty() || isChanged()) {
      return false;
    }
    Mirror mirror = found.get();
    lost.set(null);
    busy = found;
    try {
      if (mirror.state() == MirrorState.BOOTSTRAPPING) {
        bootstrap(mirror);
      } else {
        follow(mirror);
      }
      return true;
    } catch (PolderException e) {
      failed(mirror, e, e.code() + ": " + e.getMessage());
      throw e;
    } catch (RuntimeException e) {
      failed(mirror, e, ErrorCode.INTERNAL_ERROR + ": " + e);
      throw e;
    } finally {
      busy = Optional.empty();
      lease = Optional.empty();
    }
  }

  private boolean isChanged() {
    return !metastore.read(tx -> tx.clusters().find(cluster.name())).equals(Optional.of(cluster));
  }

  private void failed(Mirror mirror, RuntimeException cause, String error) {
    try {
      metastore.write(tx -> {
        tx.mirrors().failed(mirror, error);
        return database;
      });
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * Refuses what is not the database that the mirror began with, or is an earlier state of it: the
   * mirror ends to follow, and says why.
   */
  private void requireSame(Mirror mirror, String identity, long newest, long afterAt) {
    if (mirror.sourceIdentity().isEmpty()) {
      return;
    }
    String why =
        !mirror.sourceIdentity().get().equals(identity)
            ? "another database has its name now"
            : newest < mirror.lastApplied()
                ? "it was set back to commit " + newest
                : afterAt != 0 && afterAt != committedAt()
                    ? "its commit " + mirror.lastApplied() + " is another one now"
                    : "";
    if (why.isEmpty()) {
      return;
    }
    PolderException lost =
        new PolderException(
            ErrorCode.MIRROR_SOURCE_CHANGED,
            "the source of the mirror is not what it was: "
                + why
                + "; promote the mirror, or drop it and mirror again");
    metastore.write(tx -> {
      tx.mirrors().lost(mirror, lost.code() + ": " + lost.getMessage());
      return database;
    });
    throw lost;
  }

  private long committedAt() {
    return metastore.read(tx -> tx.databases().get(database)).committedAt();
  }

  private void bootstrap(Mirror mirror) {
    mirror.lease().ifPresent(this::releaseOld);
    Wire.Snapshot snapshot = source.snapshot();
    String self = metastore.write(MirrorSource::server);
    if (snapshot.server().equals(self)) {
      source.release(snapshot.lease());
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "the cluster is this server itself: mirror its databases without naming a cluster");
    }
    try {
      requireSame(mirror, snapshot.identity(), snapshot.commit().seq(), 0);
    } catch (PolderException e) {
      releaseOld(snapshot.lease());
      throw e;
    }
    metastore.write(tx -> {
      tx.mirrors().identify(mirror, snapshot.identity());
      tx.mirrors().bootstrapping(mirror, Optional.of(snapshot.lease()), snapshot.bytes());
      return database;
    });
    copied.set(0);
    lease = Optional.of(snapshot.lease());
    apply(
        mirror,
        snapshot.commit(),
        Optional.empty(),
        snapshot.access(),
        snapshot.commit().seq(),
        snapshot.accessEpoch());
    lease = Optional.empty();
    releaseOld(snapshot.lease());
  }

  /** A lease that cannot be given back ends by itself. */
  private void releaseOld(String lease) {
    try {
      source.release(lease);
    } catch (PolderException e) {
      if (e.code() == ErrorCode.SHUTTING_DOWN) {
        throw e;
      }
    }
  }

  private void follow(Mirror mirror) {
    Optional<String> follower = staging.follower(mirror);
    Wire.Changes changes;
    try {
      changes = source.changes(mirror.lastApplied(), mirror.accessEpoch(), WAIT_MILLIS, follower);
    } catch (PolderException e) {
      if (e.code() != ErrorCode.VERSION_NOT_FOUND) {
        throw e;
      }
      // A gap is never left out: it begins again, and is read as it was until then.
      metastore.write(tx -> {
        tx.mirrors().bootstrapping(mirror, Optional.empty(), 0);
        return database;
      });
      return;
    }
    requireSame(mirror, changes.identity(), changes.newest(), changes.afterAt());
    Optional<String> wrong = staging.standing(mirror, changes);
    metastore.write(tx -> {
      tx.mirrors().heard(mirror, changes.newest(), wrong);
      return database;
    });
    Mirror at = mirror;
    for (DatabaseCommit commit : changes.commits()) {
      boolean last = commit.seq() == changes.newest();
      long epoch = last ? changes.accessEpoch() : at.accessEpoch();
      apply(
          at,
          commit,
          staging.staged(changes, commit.seq()),
          changes.access(),
          changes.newest(),
          epoch);
      at = metastore.read(tx -> tx.mirrors().get(database));
    }
    if (changes.commits().isEmpty() && changes.accessEpoch() != mirror.accessEpoch()) {
      Mirror before = mirror;
      metastore.write(tx -> {
        advance(tx, before, before.lastApplied(), changes.newest(), changes.accessEpoch());
        return tx.takeovers().mirrorAccess(database, changes.access(), true, false);
      });
    }
    if (at.lastApplied() >= changes.newest()) {
      staging.stage(at, changes);
    }
  }

  private void advance(
      MetastoreTransaction tx, Mirror from, long seq, long newest, long accessEpoch) {
    if (!tx.mirrors().isHeldBy(database, holder)
        || !tx.mirrors().advance(from, seq, newest, accessEpoch)) {
      throw new PolderException(
          ErrorCode.TRANSACTION_CONFLICT,
          "the mirror was promoted or dropped, or another server follows for it");
    }
  }

  private void apply(
      Mirror mirror,
      DatabaseCommit commit,
      Optional<StagedCommit> staged,
      DatabaseAccess access,
      long newest,
      long accessEpoch) {
    Map<CollectionId, OwnVersion> own = new HashMap<>();
    staged.ifPresentOrElse(
        it -> it.own().forEach((id, version) -> own.put(new CollectionId(id), version)),
        () -> own.putAll(copies.make(mirror, commit)));
    requireKept();
    metastore.write(tx -> {
      advance(tx, mirror, commit.seq(), newest, accessEpoch);
      staged.ifPresent(it -> tx.staged().drop(database, it.offer()));
      var as = tx.takeovers().apply(database, commit, own);
      if (as.seq() != commit.seq()) {
        throw new IllegalStateException(
            "commit " + commit.seq() + " would be " + as.seq() + " in mirror " + database);
      }
      return tx.takeovers().mirrorAccess(database, access, true, commit.seq() < newest);
    });
  }

  private void copied(long bytes) {
    long all = copied.addAndGet(bytes);
    LOG.trace("{} bytes were copied", all);
    requireKept();
  }

  private void requireKept() {
    PolderException ended = lost.get();
    if (ended != null) {
      throw ended;
    }
  }

  /** Says that it goes on, to both servers, however long a single file takes. */
  private void beat() {
    Optional<Mirror> mirror = busy;
    if (mirror.isEmpty()) {
      return;
    }
    try {
      boolean held =
          metastore.write(tx -> {
            tx.mirrors().copied(mirror.get(), copied.get());
            return tx.mirrors().hold(database, holder, HOLD_MICROS);
          });
      if (!held) {
        lost.set(
            new PolderException(
                ErrorCode.TRANSACTION_CONFLICT, "another server follows for the mirror"));
      }
      staging.beat();
      Optional<String> kept = lease;
      if (kept.isPresent() && !source.keep(kept.get()) && lease.equals(kept)) {
        lost.set(
            new PolderException(
                ErrorCode.VERSION_NOT_FOUND,
                "the source keeps the state no more; it is begun again"));
      }
    } catch (RuntimeException e) {
      // The next beat may get through; what could not be kept is found out before it counts.
      LOG.debug("mirror {} could not say that it goes on", database, e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    source.close();
  }
}
