package dev.polder.lake.backup;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.commit.MetadataFiles;
import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.lineage.VersionFiles;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.commit.Lease;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes backups: one state of a whole database, copied and encrypted while it is written to. A
 * lease keeps the files of that state. What fails or is cut off is no backup. Thread-safe.
 */
public final class Backups {
  private static final long LEASE_MICROS = Duration.ofMinutes(5).toMillis() * 1_000;
  private static final long BEAT_NANOS = Duration.ofSeconds(30).toNanos();

  private final Metastore metastore;
  private final Warehouse warehouse;
  private final MetadataFiles metadata;
  private final BackupPlaces places;
  private final Path keyFile;

  public Backups(
      Metastore metastore,
      Warehouse warehouse,
      MetadataFiles metadata,
      BackupPlaces places,
      Path keyFile) {
    this.metastore = metastore;
    this.warehouse = warehouse;
    this.metadata = metadata;
    this.places = places;
    this.keyFile = keyFile;
  }

  /** A place that holds a backup, and what is known of that; empty: its manifest is damaged. */
  public record Listed(String place, Optional<BackupInfo> info) {}

  /** All complete backups in the places that this server knows. */
  public List<Listed> list() {
    List<Listed> all = new ArrayList<>();
    for (BackupPlace place : places.complete()) {
      all.add(new Listed(place.root(), info(place)));
    }
    return all;
  }

  private static Optional<BackupInfo> info(BackupPlace place) {
    try {
      return Optional.of(Manifest.info(place));
    } catch (PolderException e) {
      if (e.code() != ErrorCode.BACKUP_INVALID) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private record Cut(Database database, Catalog catalog, Lease lease, long at) {}

  /** Backs the database's newest state up; returns when the backup is complete. */
  public BackupInfo run(DatabaseId database, String uri, BackupProgress.Listener listener) {
    BackupPlace place = places.at(uri);
    BackupKey key = BackupKey.open(keyFile);
    String id = UUID.randomUUID().toString();
    place.begin(id);
    try {
      Cut cut = metastore.write(tx -> cut(tx, database, id));
      try {
        return copy(cut, place, id, key, beating(cut.lease(), listener));
      } finally {
        metastore.write(tx -> {
          tx.storage().releaseLease(cut.lease().id());
          return id;
        });
      }
    } catch (RuntimeException e) {
      abandon(place, id, e);
      throw e;
    }
  }

  private static Cut cut(MetastoreTransaction tx, DatabaseId id, String backup) {
    Database database = tx.databases().get(id);
    if (database.droppedAt().isPresent()) {
      throw new PolderException(
          ErrorCode.DATABASE_NOT_FOUND, "database " + database.name() + " was dropped");
    }
    return new Cut(
        database,
        Catalog.newest(tx, id),
        tx.storage()
            .acquireLease("backup " + backup, id, database.commitSeq(), tx.now() + LEASE_MICROS),
        tx.now());
  }

  private BackupProgress.Listener beating(Lease lease, BackupProgress.Listener listener) {
    long[] beaten = {System.nanoTime()};
    return progress -> {
      listener.report(progress);
      if (System.nanoTime() - beaten[0] > BEAT_NANOS) {
        beaten[0] = System.nanoTime();
        if (!metastore.write(tx -> tx.storage().renewLease(lease.id(), tx.now() + LEASE_MICROS))) {
          throw new PolderException(
              ErrorCode.STATEMENT_TIMEOUT,
              "the backup stood still for so long that its files may be deleted; run it again");
        }
      }
    };
  }

  private static void abandon(BackupPlace place, String id, RuntimeException failure) {
    try {
      place.abandon(id);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private BackupInfo copy(
      Cut cut, BackupPlace place, String id, BackupKey key, BackupProgress.Listener listener) {
    Map<String, Long> sources = sources(cut);
    long bytes = sources.values().stream().mapToLong(Long::longValue).sum();
    ProgressCount progress = new ProgressCount(listener, "copy", sources.size(), bytes);
    ArchiveCipher cipher = ArchiveCipher.create();
    Map<String, ArchivedFile> files = new LinkedHashMap<>();
    sources.forEach((path, size) -> {
      String object = BackupPlace.object(id, files.size());
      files.put(path, copy(place, cipher, id, object, path, size, progress));
      progress.file();
    });
    place.sync();
    place.requireMark(id);
    Database database = cut.database();
    BackupInfo info =
        new BackupInfo(
            place.root(),
            id,
            database.name(),
            database.commitSeq(),
            database.committedAt(),
            cut.at(),
            count(cut.catalog(), CollectionKind.TABLE),
            count(cut.catalog(), CollectionKind.VIEW),
            files.size(),
            bytes,
            key.id());
    complete(new Manifest(info, cipher, cut.catalog(), files), place, key);
    return info;
  }

  /** A store may fail to answer though it has taken the manifest. */
  private static void complete(Manifest manifest, BackupPlace place, BackupKey key) {
    try {
      manifest.write(place, key);
    } catch (RuntimeException e) {
      boolean written =
          place.isComplete()
              && info(place).filter(it -> it.id().equals(manifest.info().id())).isPresent();
      if (!written) {
        throw e;
      }
    }
    place.sync();
    place.end();
  }

  private static long count(Catalog catalog, CollectionKind kind) {
    return catalog.commit().collections().stream().filter(it -> it.kind() == kind).count();
  }

  private Map<String, Long> sources(Cut cut) {
    VersionFiles files = new VersionFiles(warehouse.io(), metadata);
    for (CollectionState state : cut.catalog().commit().collections()) {
      files.add(version(state, cut.database().id(), state.icebergUuid(), state.location()));
    }
    return files.files();
  }

  /** A collection of a catalog as one of a database, under an identity. */
  static LakeCollection version(
      CollectionState state, DatabaseId database, String uuid, String location) {
    return new LakeCollection(
        state.id(),
        new SpaceKey(database, state.tenant()),
        state.schema(),
        TableRef.of("main", state.name()),
        state.kind(),
        UUID.fromString(uuid),
        location,
        state.metadataLocation().orElseThrow(),
        0);
  }

  private ArchivedFile copy(
      BackupPlace place,
      ArchiveCipher cipher,
      String id,
      String object,
      String path,
      long size,
      ProgressCount progress) {
    Digested stored = null;
    Digested.Content content;
    try (InputStream in = warehouse.io().newInputFile(path).newStream()) {
      stored = new Digested(place.create(object));
      try (OutputStream out = cipher.encrypt(stored, ArchivedFile.context(id, object, path))) {
        content = Digested.copy(in, out, progress::bytes);
      }
    } catch (IOException e) {
      throw StorageFailure.of("cannot back up " + path, e);
    } catch (RuntimeException e) {
      throw e instanceof PolderException known
          ? known
          : StorageFailure.of("cannot back up " + path, e);
    }
    if (content.bytes() != size) {
      throw new PolderException(
          ErrorCode.STORAGE_ERROR, path + " has " + content.bytes() + " bytes instead of " + size);
    }
    Digested.Content written = stored.content();
    return new ArchivedFile(
        object, path, size, content.sha256(), written.bytes(), written.sha256());
  }
}
