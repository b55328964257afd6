package dev.polder.lake.mirror;

import dev.polder.lake.io.Warehouse;
import dev.polder.lake.lineage.Foreign;
import dev.polder.lake.lineage.Takeover;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.DatabaseAccess;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.metastore.lineage.OwnVersion;
import dev.polder.metastore.mirror.Cluster;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.metastore.mirror.MirrorState;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Follows one database of another server: takes its state over as a whole, then commit by commit,
 * each in one metastore transaction once its files are here and durable. What was copied is found
 * again after a crash. One owner, who closes it.
 */
public final class RemoteMirror implements AutoCloseable {
  private static final long HOLD_MICROS = TimeUnit.SECONDS.toMicros(15);
  private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long WAIT_MILLIS = 1_000;

  private final Metastore metastore;
  private final Warehouse warehouse;
  private final DatabaseId database;
  private final String holder;
  private final RemoteSource source;
  private long copied;
  private long beaten;

  private RemoteMirror(
      Metastore metastore,
      Warehouse warehouse,
      DatabaseId database,
      String holder,
      RemoteSource source) {
    this.metastore = metastore;
    this.warehouse = warehouse;
    this.database = database;
    this.holder = holder;
    this.source = source;
  }

  /**
   * Opens the way to a mirror's source.
   *
   * @param holder who applies: one at a time does
   */
  public static RemoteMirror open(
      Metastore metastore, Warehouse warehouse, Mirrors mirrors, Mirror mirror, String holder) {
    Cluster cluster = metastore.read(tx -> tx.clusters().get(mirror.cluster().orElseThrow()));
    return new RemoteMirror(
        metastore,
        warehouse,
        mirror.database(),
        holder,
        new RemoteSource(cluster.url(), mirrors.opened(cluster.token()), mirror.sourceName()));
  }

  /**
   * Does the next thing: waits a moment for a commit of the source, and applies what there is.
   *
   * @return false: there is nothing to do here any more, or another server does it
   */
  public boolean step() {
    boolean held = metastore.write(tx -> tx.mirrors().hold(database, holder, HOLD_MICROS));
    Optional<Mirror> found = metastore.read(tx -> tx.mirrors().active(database));
    if (!held || found.isEmpty() || found.get().state() == MirrorState.DETACHED) {
      return false;
    }
    Mirror mirror = found.get();
    try {
      if (mirror.state() == MirrorState.BOOTSTRAPPING) {
        bootstrap(mirror);
      } else {
        follow(mirror);
      }
      return true;
    } catch (PolderException e) {
      metastore.write(tx -> {
        tx.mirrors().failed(mirror, e.code() + ": " + e.getMessage());
        return database;
      });
      throw e;
    }
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
    metastore.write(tx -> {
      tx.mirrors().bootstrapping(mirror, Optional.of(snapshot.lease()), snapshot.bytes());
      return database;
    });
    copied = 0;
    apply(
        mirror,
        snapshot.commit(),
        snapshot.access(),
        snapshot.commit().seq(),
        snapshot.accessEpoch(),
        Optional.of(snapshot.lease()));
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
    Wire.Changes changes;
    try {
      changes = source.changes(mirror.lastApplied(), mirror.accessEpoch(), WAIT_MILLIS);
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
    metastore.write(tx -> {
      tx.mirrors().heard(mirror, changes.newest());
      return database;
    });
    Mirror at = mirror;
    for (DatabaseCommit commit : changes.commits()) {
      boolean last = commit.seq() == changes.newest();
      long epoch = last ? changes.accessEpoch() : at.accessEpoch();
      apply(at, commit, changes.access(), changes.newest(), epoch, Optional.empty());
      at = metastore.read(tx -> tx.mirrors().get(database));
    }
    if (changes.commits().isEmpty() && changes.accessEpoch() != mirror.accessEpoch()) {
      Mirror before = mirror;
      metastore.write(tx -> {
        advance(tx, before, before.lastApplied(), changes.newest(), changes.accessEpoch());
        return tx.takeovers().applyAccess(database, changes.access(), false);
      });
    }
  }

  private void advance(
      dev.polder.metastore.MetastoreTransaction tx,
      Mirror from,
      long seq,
      long newest,
      long accessEpoch) {
    if (!tx.mirrors().isHeldBy(database, holder)
        || !tx.mirrors().advance(from, seq, newest, accessEpoch)) {
      throw new PolderException(
          ErrorCode.TRANSACTION_CONFLICT,
          "the mirror was promoted, or another server follows for it");
    }
  }

  private void apply(
      Mirror mirror,
      DatabaseCommit commit,
      DatabaseAccess access,
      long newest,
      long accessEpoch,
      Optional<String> lease) {
    RemoteFileIO files = new RemoteFileIO(source);
    Map<CollectionId, OwnVersion> own = new HashMap<>();
    for (CollectionState state : commit.collections()) {
      if (state.metadataLocation().isPresent()) {
        own.put(state.id(), own(mirror, commit, state, files, lease));
      }
    }
    warehouse.sync();
    metastore.write(tx -> {
      advance(tx, mirror, commit.seq(), newest, accessEpoch);
      var as = tx.takeovers().apply(database, commit, own);
      if (as.seq() != commit.seq()) {
        throw new IllegalStateException(
            "commit " + commit.seq() + " would be " + as.seq() + " in mirror " + database);
      }
      return tx.takeovers().applyAccess(database, access, false);
    });
  }

  private OwnVersion own(
      Mirror mirror,
      DatabaseCommit commit,
      CollectionState state,
      RemoteFileIO files,
      Optional<String> lease) {
    SpaceKey space = new SpaceKey(database, state.tenant());
    Optional<CollectionEntry> here =
        commit.whole()
            ? Optional.empty()
            : metastore.read(tx -> tx.takeovers().collection(space, state.id()));
    // The same for each attempt, and another one each time that the mirror begins.
    UUID fresh =
        UUID.nameUUIDFromBytes(
            (database + ":" + mirror.lastApplied() + ":" + state.id())
                .getBytes(StandardCharsets.UTF_8));
    String location =
        here.map(CollectionEntry::location).orElseGet(() -> warehouse.location(space, fresh));
    Map<String, Long> present =
        here.map(entry -> metastore.read(tx -> tx.storage().open(entry.id()))).orElse(Map.of());
    Set<String> spent = metastore.read(tx -> tx.rewrites().spent(location));
    return new Takeover(warehouse, space, bytes -> copied(mirror, bytes, lease))
        .own(
            commit,
            state,
            here,
            fresh,
            spent,
            new Foreign(files, present, path -> files.digest(path).sha256()),
            state
                .owner()
                .flatMap(
                    name -> metastore.read(tx -> tx.principals().find(name).map(Principal::id))));
  }

  /** Says that it goes on, to both servers. */
  private void copied(Mirror mirror, long bytes, Optional<String> lease) {
    copied += bytes;
    if (System.nanoTime() - beaten < BEAT_NANOS) {
      return;
    }
    beaten = System.nanoTime();
    if (lease.isPresent() && !source.keep(lease.get())) {
      throw new PolderException(
          ErrorCode.VERSION_NOT_FOUND, "the source keeps the state no more; it is begun again");
    }
    metastore.write(tx -> {
      if (!tx.mirrors().hold(database, holder, HOLD_MICROS)) {
        throw new PolderException(
            ErrorCode.TRANSACTION_CONFLICT, "another server follows for the mirror");
      }
      tx.mirrors().copied(mirror, copied);
      return database;
    });
  }

  @Override
  public void close() {
    source.close();
  }
}
