package dev.polder.lake.mirror;

import dev.polder.lake.commit.Views;
import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.lineage.Sha256;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.commit.CommitInfo;
import dev.polder.metastore.commit.Lease;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.CommitJson;
import dev.polder.metastore.lineage.DatabaseAccess;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
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
  private static final int PAGE = 50;
  private static final long PROGRESS_BYTES = 8 << 20;

  private final Metastore metastore;
  private final Warehouse warehouse;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition committed = lock.newCondition();
  private final AtomicLong version = new AtomicLong();

  public MirrorSource(Metastore metastore, Warehouse warehouse) {
    this.metastore = metastore;
    this.warehouse = warehouse;
    metastore.onChange(() -> {
      version.getAndIncrement();
      lock.lock();
      try {
        committed.signalAll();
      } finally {
        lock.unlock();
      }
    });
  }

  /** This server's identity, or that of all servers of its metastore. */
  public static String server(MetastoreTransaction tx) {
    return tx.settings().putIfAbsent(SERVER, UUID.randomUUID().toString());
  }

  /** For one that was handed out before: this may be asked where nothing can be written. */
  private static String identity(MetastoreTransaction tx, Database database) {
    return tx.settings().find(SERVER).orElse("") + "/" + database.id() + "/" + database.createdAt();
  }

  /** The newest state, kept by a lease. */
  public Wire.Snapshot snapshot(DatabaseId id) {
    return metastore.write(tx -> {
      Database database = requireLive(tx, id);
      Lease lease =
          tx.storage().acquireLease(HOLDER, id, database.commitSeq(), tx.now() + LEASE_MICROS);
      var usage = tx.storage().usage(id);
      return new Wire.Snapshot(
          server(tx),
          identity(tx, database),
          owned(tx, tx.changes().whole(id, database.commitSeq())),
          tx.changes().access(id),
          tx.grants().epoch(),
          lease.id(),
          usage.bytes() + usage.sharedBytes());
    });
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

  /**
   * The commits after one, and what is granted now: never older than they are.
   *
   * @param accessEpoch the grants that the mirror has
   * @param waitMillis how long to wait when there is nothing new
   */
  public Wire.Changes changes(DatabaseId id, long after, long accessEpoch, long waitMillis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
    while (true) {
      long seen = version.get();
      Wire.Changes changes = metastore.read(tx -> changes(tx, id, after, accessEpoch));
      long left = end - System.nanoTime();
      if (!changes.commits().isEmpty() || changes.accessEpoch() != accessEpoch || left <= 0) {
        return changes;
      }
      // Other servers of the metastore commit unheard: hence no wait is longer than this.
      await(seen, Math.min(left, LONGEST_WAIT_NANOS));
    }
  }

  private void await(long seen, long nanos) {
    long left = nanos;
    lock.lock();
    try {
      while (version.get() == seen && left > 0) {
        left = committed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PolderException(ErrorCode.SHUTTING_DOWN, "the server stops", e);
    } finally {
      lock.unlock();
    }
  }

  private Wire.Changes changes(
      MetastoreTransaction tx, DatabaseId id, long after, long accessEpoch) {
    Database database = requireLive(tx, id);
    boolean nothing = after >= database.commitSeq() && tx.grants().epoch() == accessEpoch;
    // A source that was set back is told by its numbers, not by commits that it does not have.
    return new Wire.Changes(
        identity(tx, database),
        database.commitSeq(),
        tx.commits().find(id, after).map(CommitInfo::committedAt).orElse(0L),
        after >= database.commitSeq()
            ? List.of()
            : tx.changes().after(id, after, PAGE).stream().map(it -> owned(tx, it)).toList(),
        nothing ? new DatabaseAccess(List.of(), List.of(), List.of()) : tx.changes().access(id),
        tx.grants().epoch());
  }

  /** A view reads with the rights of whom its metadata names: by name, this is the same there. */
  private DatabaseCommit owned(MetastoreTransaction tx, DatabaseCommit commit) {
    if (commit.collections().stream().noneMatch(MirrorSource::isView)) {
      return commit;
    }
    return commit.with(
        commit.collections().stream()
            .map(it -> isView(it) ? it.ownedBy(owner(tx, it.metadataLocation().orElseThrow())) : it)
            .toList());
  }

  private static boolean isView(CollectionState state) {
    return state.kind() == CollectionKind.VIEW && state.metadataLocation().isPresent();
  }

  private Optional<PrincipalName> owner(MetastoreTransaction tx, String metadataLocation) {
    try (InputStream in = warehouse.io().newInputFile(metadataLocation).newStream()) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String id = CommitJson.tree(json).path("properties").path(Views.OWNER).asText();
      return tx.principals().find(new PrincipalId(id)).map(Principal::name);
    } catch (IOException e) {
      throw StorageFailure.of("cannot read " + metadataLocation, e);
    }
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
          return tx.collect().reaches(id, path);
        });
    if (!reached) {
      throw new PolderException(ErrorCode.NOT_FOUND_PATH, "the database has no such file");
    }
    return warehouse.io().newInputFile(path);
  }
}
