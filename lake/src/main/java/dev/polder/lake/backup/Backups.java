package dev.polder.lake.backup;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.commit.MetadataFiles;
import dev.polder.lake.io.KeyFile;
import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.io.WholeFile;
import dev.polder.lake.lineage.VersionFiles;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.commit.Lease;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.Lineage;
import dev.polder.metastore.lineage.LineageKind;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes backups: one state of a whole database, copied and encrypted while it is written to. A
 * lease keeps the files of that state. What fails or is cut off is no backup. Thread-safe.
 */
public final class Backups {
  private static final Logger LOG = LoggerFactory.getLogger(Backups.class);

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

  /**
   * Refuses a place that does not lie below the database's own directory, which bears its name or
   * its id.
   */
  public void requireOwnPlace(Database database, String uri) {
    places.requireBelow(
        uri, List.of(database.name().value(), Long.toString(database.id().value())));
  }

  private record Cut(Database database, Catalog catalog, List<Lease> leases, long at) {}

  /**
   * Backs the database's newest state up; returns when the backup is complete. The audit trail has
   * the beginning before the first file is read, and the end.
   *
   * @param by who asked for it
   */
  public BackupInfo run(
      DatabaseId database, String uri, PrincipalName by, BackupProgress.Listener listener) {
    BackupPlace place = places.at(uri);
    KeyFile key = KeyFile.open(keyFile);
    String id = UUID.randomUUID().toString();
    Cut cut = metastore.write(tx -> cut(tx, database, id, place, by));
    Manifest manifest;
    try (BackupLease lease = new BackupLease(metastore, cut.leases())) {
      try {
        place.begin(
            id,
            other -> metastore.read(tx -> tx.storage().isLeased(holder(other))),
            BackupLease.LENGTH.toMillis());
        manifest =
            copy(
                cut,
                place,
                id,
                key,
                progress -> {
                  listener.report(progress);
                  lease.require();
                });
        lease.renew();
        place.requireOwn(id);
      } catch (RuntimeException e) {
        abandon(place, id, e);
        throw e;
      }
      complete(manifest, place, key);
      lease.release(tx -> audit(tx, cut.database(), place, EventType.DATABASE_BACKED_UP, by));
    }
    return manifest.info();
  }

  private static String holder(String id) {
    return "backup " + id;
  }

  private static void audit(
      MetastoreTransaction tx,
      Database database,
      BackupPlace place,
      EventType type,
      PrincipalName by) {
    tx.audit()
        .append(
            new AuditEvent(
                Optional.of(database.id()),
                Optional.of(by),
                Optional.empty(),
                type,
                Optional.of(database.name().value()),
                AuditOutcome.SUCCESS,
                AuditEvent.detail(
                    Map.of("place", place.root(), "as_of", Long.toString(database.commitSeq())))));
  }

  private static Cut cut(
      MetastoreTransaction tx, DatabaseId id, String backup, BackupPlace place, PrincipalName by) {
    Database database = tx.databases().get(id);
    if (database.droppedAt().isPresent()) {
      throw new PolderException(
          ErrorCode.DATABASE_NOT_FOUND, "database " + database.name() + " was dropped");
    }
    List<Lease> leases = new ArrayList<>(List.of(lease(tx, backup, id, database.commitSeq())));
    tx.lineage()
        .parent(id)
        .filter(parent -> parent.kind() == LineageKind.MIRROR)
        .ifPresent(source -> leases.add(sourceLease(tx, backup, database, source)));
    audit(tx, database, place, EventType.DATABASE_BACKUP_STARTED, by);
    return new Cut(database, Catalog.newest(tx, id), leases, tx.now());
  }

  private static Lease lease(
      MetastoreTransaction tx, String backup, DatabaseId database, long seq) {
    return tx.storage().acquireLease(holder(backup), database, seq, tx.now() + BackupLease.MICROS);
  }

  /** A mirror moves on and keeps no states of its own; its source keeps them. */
  private static Lease sourceLease(
      MetastoreTransaction tx, String backup, Database mirror, Lineage source) {
    if (tx.databases().get(source.parent()).historySeq() > source.parentSeq()) {
      throw new PolderException(
          ErrorCode.TRANSACTION_CONFLICT,
          "mirror "
              + mirror.name()
              + " shows a state that its source keeps no more; back it up when it has caught up");
    }
    return lease(tx, backup, source.parent(), source.parentSeq());
  }

  private static void abandon(BackupPlace place, String id, RuntimeException failure) {
    try {
      place.abandon(id);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private Manifest copy(
      Cut cut, BackupPlace place, String id, KeyFile key, BackupProgress.Listener listener) {
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
    return new Manifest(info, cipher, cut.catalog(), files);
  }

  /** From the manifest on there is a backup, whatever else may fail: nothing of it is removed. */
  private static void complete(Manifest manifest, BackupPlace place, KeyFile key) {
    String id = manifest.info().id();
    try {
      manifest.write(place, key);
    } catch (RuntimeException e) {
      requireWritten(manifest, place, key, e);
    }
    place.sync();
    if (!place.holds(id, manifest.files().values())) {
      if (info(place).filter(it -> it.id().equals(id)).isPresent()) {
        place.delete(BackupPlace.MANIFEST);
      }
      throw new PolderException(
          ErrorCode.BACKUP_EXISTS,
          "somebody changed what is at "
              + place.root()
              + " while the backup was made; choose another place");
    }
    try {
      place.end();
    } catch (RuntimeException e) {
      LOG.warn("the mark of the complete backup at {} stays", place.root(), e);
    }
  }

  /** A store may fail to answer though it has taken the manifest, or takes it later. */
  private static void requireWritten(
      Manifest manifest, BackupPlace place, KeyFile key, RuntimeException failure) {
    try {
      if (!place.isComplete()) {
        if (place.isLocal()) {
          place.abandon(manifest.info().id());
        }
        throw failure;
      }
      if (!Manifest.read(place, key).info().equals(manifest.info())) {
        throw failure;
      }
    } catch (RuntimeException e) {
      if (!e.equals(failure)) {
        failure.addSuppressed(e);
      }
      throw failure;
    }
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
    Digested.Content[] copied = new Digested.Content[2];
    try (InputStream in = warehouse.io().newInputFile(path).newStream()) {
      WholeFile.write(
          place.output(object),
          file -> {
            Digested stored = new Digested(file);
            try (OutputStream out =
                cipher.encrypt(stored, ArchivedFile.context(id, object, path))) {
              copied[0] = Digested.copy(in, out, progress::bytes);
            }
            copied[1] = stored.content();
          });
    } catch (IOException | RuntimeException e) {
      throw e instanceof PolderException known
          ? known
          : StorageFailure.of("cannot back up " + path, e);
    }
    Digested.Content content = copied[0];
    Digested.Content written = copied[1];
    if (content.bytes() != size) {
      throw new PolderException(
          ErrorCode.STORAGE_ERROR, path + " has " + content.bytes() + " bytes instead of " + size);
    }
    return new ArchivedFile(
        object, path, size, content.sha256(), written.bytes(), written.sha256());
  }
}
