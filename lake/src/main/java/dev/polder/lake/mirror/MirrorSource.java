package dev.polder.lake.mirror;

import dev.polder.lake.commit.ChangeSignal;
import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.lineage.Sha256;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.commit.CommitInfo;
import dev.polder.metastore.commit.Lease;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.DatabaseAccess;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.metastore.mirror.Follower;
import dev.polder.metastore.mirror.TimeoutAction;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * What another server may have of a database: its state after a commit, the commits after one, and
 * the files that its own versions reach; no other database's. The right to ask is the caller's to
 * check. Thread-safe.
 */
public final class MirrorSource {
  private static final String SERVER = "server_id";
  private static final String HOLDER = "mirror";
  private static final long LEASE_MICROS = TimeUnit.MINUTES.toMicros(5);
  private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long OFFER_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int PAGE = 50;
  private static final int SNAPSHOT_PAGE = 250;

  /** Tables, views and files in one answer, but for one commit that has more. */
  private static final int MOST_STATES = 20_000;

  private static final long PROGRESS_BYTES = 8 << 20;

  private final Metastore metastore;
  private final Warehouse warehouse;
  private final ChangeSignal signal;
  private final ViewOwners owners;

  public MirrorSource(Metastore metastore, Warehouse warehouse, ChangeSignal signal) {
    this.metastore = metastore;
    this.warehouse = warehouse;
    this.signal = signal;
    this.owners = new ViewOwners(metastore, warehouse);
  }

  /** This server's identity, or that of all servers of its metastore. */
  public static String server(MetastoreTransaction tx) {
    return tx.settings().putIfAbsent(SERVER, UUID.randomUUID().toString());
  }

  /** For one that was handed out before: this may be asked where nothing can be written. */
  static String identity(MetastoreTransaction tx, Database database) {
    return tx.settings().find(SERVER).orElse("") + "/" + database.id() + "/" + database.createdAt();
  }

  /**
   * The newest state, kept by a lease.
   *
   * @param which says of which database, and does in the transaction that takes the state what has
   *     to hold exactly if that is taken
   */
  public Wire.Snapshot snapshot(Function<MetastoreTransaction, DatabaseId> which) {
    Wire.Snapshot snapshot =
        metastore.write(tx -> {
          DatabaseId id = which.apply(tx);
          Database database = requireLive(tx, id);
          Lease lease =
              tx.storage().acquireLease(HOLDER, id, database.commitSeq(), tx.now() + LEASE_MICROS);
          var usage = tx.storage().usage(id);
          DatabaseCommit whole = sorted(tx.changes().whole(id, database.commitSeq()));
          List<CollectionState> all = whole.collections();
          return new Wire.Snapshot(
              server(tx),
              identity(tx, database),
              whole.with(all.subList(0, Math.min(SNAPSHOT_PAGE, all.size()))),
              tx.changes().access(id),
              tx.grants().epoch(),
              lease.id(),
              usage.bytes() + usage.sharedBytes(),
              all.size() > SNAPSHOT_PAGE);
        });
    return snapshot.with(owners.of(snapshot.commit()));
  }

  /**
   * Further tables and views of a snapshot, as long as its lease holds.
   *
   * @param from how many of them the mirror has
   */
  public Wire.Rest rest(DatabaseId id, String lease, long from) {
    AtomicBoolean more = new AtomicBoolean();
    DatabaseCommit page =
        metastore.read(tx -> {
          Lease kept =
              tx.storage().leases(id).stream()
                  .filter(it -> it.id().equals(lease) && it.holder().equals(HOLDER))
                  .findFirst()
                  .orElseThrow(() ->
                      new PolderException(
                          ErrorCode.VERSION_NOT_FOUND,
                          "the state is kept no more; begin the mirror again"));
          DatabaseCommit whole = sorted(tx.changes().whole(id, kept.seq()));
          int size = whole.collections().size();
          int start = Math.toIntExact(Math.clamp(from, 0L, size));
          int end = Math.min(start + SNAPSHOT_PAGE, size);
          more.set(end < size);
          return whole.with(whole.collections().subList(start, end));
        });
    return new Wire.Rest(owners.of(page).collections(), more.get());
  }

  private static DatabaseCommit sorted(DatabaseCommit commit) {
    return commit.with(
        commit.collections().stream().sorted(Comparator.comparing(it -> it.id().value())).toList());
  }

  private static Database requireLive(MetastoreTransaction tx, DatabaseId id) {
    Database database = tx.databases().get(id);
    if (database.droppedAt().isPresent()) {
      throw new PolderException(
          ErrorCode.DATABASE_NOT_FOUND, "database " + database.name() + " was dropped");
    }
    if (tx.mirrors().active(id).isPresent()) {
      throw new PolderException(
          ErrorCode.CANNOT_CLONE_MIRROR,
          "database " + database.name() + " is a mirror; mirror its source, or promote it first");
    }
    return database;
  }

  /** False: the lease has ended and a mirror that relied on it must begin again. */
  public boolean keep(DatabaseId id, String lease) {
    return metastore.write(tx ->
        tx.storage().leases(id).stream()
                .anyMatch(it -> it.id().equals(lease) && it.holder().equals(HOLDER))
            && tx.storage().renewLease(lease, tx.now() + LEASE_MICROS));
  }

  public void release(DatabaseId id, String lease) {
    metastore.write(tx -> {
      tx.storage().leases(id).stream()
          .filter(it -> it.id().equals(lease) && it.holder().equals(HOLDER))
          .forEach(it -> tx.storage().releaseLease(it.id()));
      return id;
    });
  }

  /** Makes a mirror known that commits shall wait for once it has caught up. */
  public void join(
      DatabaseId id,
      String follower,
      DatabaseName mirror,
      long syncTimeoutMicros,
      TimeoutAction onTimeout,
      PrincipalName by) {
    metastore.write(tx -> {
      requireLive(tx, id);
      return tx.followers()
          .join(id, follower, mirror, syncTimeoutMicros, onTimeout, Optional.of(by));
    });
  }

  /** A follower is there, and may have staged an offer. */
  public void staged(DatabaseId id, String follower, Optional<String> offer) {
    metastore.write(tx -> {
      tx.followers().seen(id, follower);
      offer.ifPresent(it -> tx.offers().staged(id, it, follower));
      return id;
    });
  }

  public void leave(DatabaseId id, String follower, PrincipalName by) {
    metastore.write(tx -> {
      tx.followers().leave(id, follower, Optional.of(by));
      return id;
    });
  }

  /**
   * The commits after one, and what is granted now: never older than they are.
   *
   * @param accessEpoch the grants that the mirror has
   * @param waitMillis how long to wait when there is nothing new
   * @param follower who asks, if commits wait for it
   */
  public Wire.Changes changes(
      DatabaseId id, long after, long accessEpoch, long waitMillis, Optional<String> follower) {
    follower.ifPresent(it -> heard(id, it, after));
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
    // Other servers of the metastore commit unheard: hence no wait is longer than this.
    long look =
        metastore.isShared() && follower.isPresent() ? OFFER_WAIT_NANOS : LONGEST_WAIT_NANOS;
    while (true) {
      long seen = signal.version();
      Wire.Changes changes = metastore.read(tx -> changes(tx, id, after, accessEpoch, follower));
      long left = end - System.nanoTime();
      if (!changes.commits().isEmpty()
          || changes.accessEpoch() != accessEpoch
          || changes.offers().stream().anyMatch(it -> it.content().isPresent())
          || left <= 0) {
        return owned(changes);
      }
      await(seen, Math.min(left, look));
    }
  }

  private void heard(DatabaseId id, String follower, long holds) {
    boolean news =
        metastore.read(tx ->
            tx.followers()
                .find(id, follower)
                .filter(it -> tx.followers().hasNews(it, holds))
                .isPresent());
    if (news) {
      metastore.write(tx -> {
        tx.followers().find(id, follower).ifPresent(it -> tx.followers().heard(it, holds));
        return id;
      });
    }
  }

  private void await(long seen, long nanos) {
    try {
      signal.await(seen, nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PolderException(ErrorCode.SHUTTING_DOWN, "the server stops", e);
    }
  }

  private static Wire.Changes changes(
      MetastoreTransaction tx,
      DatabaseId id,
      long after,
      long accessEpoch,
      Optional<String> follower) {
    Database database = requireLive(tx, id);
    boolean nothing = after >= database.commitSeq() && tx.grants().epoch() == accessEpoch;
    Optional<Follower> known = follower.flatMap(it -> tx.followers().find(id, it));
    // A source that was set back is told by its numbers, not by commits that it does not have.
    return new Wire.Changes(
        identity(tx, database),
        database.commitSeq(),
        tx.commits().find(id, after).map(CommitInfo::committedAt).orElse(0L),
        after >= database.commitSeq() ? List.of() : bounded(tx.changes().after(id, after, PAGE)),
        nothing ? new DatabaseAccess(List.of(), List.of(), List.of()) : tx.changes().access(id),
        tx.grants().epoch(),
        known.map(it -> new Wire.Standing(it.state(), it.degradedAt())),
        known.map(it -> offers(tx, it, after)).orElse(List.of()));
  }

  private static List<DatabaseCommit> bounded(List<DatabaseCommit> commits) {
    int states = 0;
    List<DatabaseCommit> first = new ArrayList<>();
    for (DatabaseCommit commit : commits) {
      states += commit.collections().size() + commit.files().size();
      if (states > MOST_STATES && !first.isEmpty()) {
        break;
      }
      first.add(commit);
    }
    return first;
  }

  private static List<Wire.Offered> offers(MetastoreTransaction tx, Follower follower, long after) {
    return tx.offers().after(follower.database(), after).stream()
        .map(it ->
            new Wire.Offered(
                it.id(),
                it.seq().orElse(0),
                it.seq().isPresent() || tx.offers().isStaged(it.id(), follower.id())
                    ? Optional.empty()
                    : Optional.of(it.content())))
        .toList();
  }

  private Wire.Changes owned(Wire.Changes changes) {
    return new Wire.Changes(
        changes.identity(),
        changes.newest(),
        changes.afterAt(),
        changes.commits().stream().map(owners::of).toList(),
        changes.access(),
        changes.accessEpoch(),
        changes.standing(),
        changes.offers().stream()
            .map(it -> new Wire.Offered(it.id(), it.seq(), it.content().map(owners::of)))
            .toList());
  }

  /** A file from an offset on; the caller closes it. */
  public SourceFile open(DatabaseId id, String path, long offset) {
    InputFile file = file(id, path);
    try {
      long length = file.getLength();
      if (offset < 0 || offset > length) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER, "the file has " + length + " bytes, not " + offset);
      }
      SeekableInputStream stream = file.newStream();
      stream.seek(offset);
      return new SourceFile(length - offset, stream);
    } catch (IOException e) {
      throw StorageFailure.of("cannot read a file of the mirror's source", e);
    }
  }

  /** The rest of a file. */
  public record SourceFile(long length, InputStream stream) {}

  /**
   * A file's size and SHA-256.
   *
   * @param progress is called now and then while a large file is read
   */
  public Wire.Digest digest(DatabaseId id, String path, Runnable progress) {
    MessageDigest digest = Sha256.digest();
    long bytes = 0;
    try (InputStream in = file(id, path).newStream()) {
      byte[] block = in.readNBytes(1 << 16);
      while (block.length > 0) {
        digest.update(block);
        bytes += block.length;
        if (bytes % PROGRESS_BYTES == 0) {
          progress.run();
        }
        block = in.readNBytes(1 << 16);
      }
    } catch (IOException e) {
      throw StorageFailure.of("cannot read a file of the mirror's source", e);
    }
    return new Wire.Digest(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private InputFile file(DatabaseId id, String path) {
    boolean reached =
        metastore.read(tx -> {
          requireLive(tx, id);
          return tx.collect().reaches(id, path) || tx.offers().brings(id, path);
        });
    if (!reached) {
      throw new PolderException(ErrorCode.NOT_FOUND_PATH, "the database has no such file");
    }
    return warehouse.io().newInputFile(path);
  }
}
