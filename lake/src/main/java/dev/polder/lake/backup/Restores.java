package dev.polder.lake.backup;

import dev.polder.lake.io.KeyFile;
import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.metastore.lineage.DatabaseSettings;
import dev.polder.metastore.lineage.OwnVersion;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.IdSource;
import dev.polder.model.PolderException;
import dev.polder.model.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes databases of backups. A backup is verified as a whole before anything is written, and what
 * was written is compared with it before one transaction makes it a database; what a restore that
 * was cut off has written belongs to nobody and goes. Thread-safe.
 */
public final class Restores {
  private final Metastore metastore;
  private final Warehouse warehouse;
  private final IdSource ids;
  private final BackupPlaces places;
  private final Path keyFile;

  public Restores(
      Metastore metastore, Warehouse warehouse, IdSource ids, BackupPlaces places, Path keyFile) {
    this.metastore = metastore;
    this.warehouse = warehouse;
    this.ids = ids;
    this.places = places;
    this.keyFile = keyFile;
  }

  private KeyFile key() {
    if (!Files.exists(keyFile)) {
      throw new PolderException(
          ErrorCode.BACKUP_KEY_MISMATCH,
          "this server has no backup key at "
              + keyFile
              + "; give it the key file of the server that made the backup");
    }
    return KeyFile.open(keyFile);
  }

  /** Verifies the backup and tells what a restore would do; writes nothing. */
  public RestoreReport dryRun(RestoreRequest request, BackupProgress.Listener listener) {
    BackupPlace place = places.at(request.uri());
    Manifest manifest = Manifest.read(place, key());
    RestoreReport report = metastore.read(tx -> report(tx, request, manifest));
    // Once before all is read, for what can be known then.
    requireFits(request, manifest, Map.of());
    RestoreFiles files = new RestoreFiles(warehouse, place, manifest, listener);
    files.verify();
    requireFits(request, manifest, files.bytes());
    return report;
  }

  /** Sees whether data and quotas fit in: makes the database, and takes it back. */
  private void requireFits(RestoreRequest request, Manifest manifest, Map<TenantId, Long> bytes) {
    boolean[] fits = {false};
    try {
      metastore.write(tx -> {
        DatabaseId target =
            existing(tx, request).map(Database::id).orElseGet(() -> tx.databases().reserve());
        DatabaseId made = target(tx, request, target, manifest).id();
        tx.storage().requireRoom(made, bytes);
        tx.restores().apply(made, settings(tx, manifest.catalog()));
        fits[0] = true;
        throw new PolderException(ErrorCode.STATEMENT_CANCELLED, "a trial leaves nothing");
      });
    } catch (PolderException e) {
      if (!fits[0]) {
        throw e;
      }
    }
  }

  private static DatabaseSettings settings(MetastoreTransaction tx, Catalog catalog) {
    return tx.restores().presentSettings(catalog.access(), catalog.settings());
  }

  private static RestoreReport report(
      MetastoreTransaction tx, RestoreRequest request, Manifest manifest) {
    Optional<Database> existing = existing(tx, request);
    Catalog catalog = manifest.catalog();
    return new RestoreReport(
        manifest.info(),
        existing.isPresent(),
        catalog.access().tenants().stream()
            .filter(tenant -> tx.tenants().find(tenant).isEmpty())
            .map(TenantId::value)
            .toList(),
        List.copyOf(tx.restores().missing(catalog.access(), catalog.settings())));
  }

  private static Optional<Database> existing(MetastoreTransaction tx, RestoreRequest request) {
    Optional<Database> existing = tx.databases().find(request.name());
    if (existing.isEmpty()) {
      return existing;
    }
    if (!request.force()) {
      throw new PolderException(
          ErrorCode.DATABASE_EXISTS,
          "database "
              + request.name()
              + " exists already; RESTORE DATABASE … FORCE replaces what it holds");
    }
    Database database = existing.get();
    tx.mirrors().requireWritable(database.id());
    tx.spaces().all(database.id()).forEach(space -> tx.moves().requireNone(space.key()));
    return existing;
  }

  /**
   * Returns when the database is there.
   *
   * @param committing is called in the transaction that makes it
   */
  public RestoreReport run(
      RestoreRequest request, BackupProgress.Listener listener, Committing committing) {
    RestoreReport report = dryRun(request, listener);
    BackupPlace place = places.at(request.uri());
    Manifest manifest = Manifest.read(place, key());
    if (!manifest.info().equals(report.backup())) {
      throw new PolderException(
          ErrorCode.BACKUP_INVALID, "the backup at " + place.root() + " was replaced meanwhile");
    }
    DatabaseId target =
        metastore.write(tx ->
            existing(tx, request).map(Database::id).orElseGet(() -> tx.databases().reserve()));
    Map<CollectionId, OwnVersion> own =
        new RestoreFiles(warehouse, place, manifest, listener).write(target, ids);
    metastore.write(tx -> {
      OptionalLong now =
          tx.databases().find(target).isPresent()
              ? OptionalLong.of(tx.now())
              : OptionalLong.empty();
      Database database = target(tx, request, target, manifest);
      commit(tx, request, database, manifest, own, now);
      committing.run(tx, manifest.info(), database);
      return database;
    });
    return report;
  }

  private static Database target(
      MetastoreTransaction tx, RestoreRequest request, DatabaseId target, Manifest manifest) {
    Optional<Database> existing = existing(tx, request);
    boolean made = tx.databases().find(target).isPresent();
    if (existing.isPresent() != made
        || existing.filter(it -> !it.id().equals(target)).isPresent()) {
      throw new PolderException(
          ErrorCode.TRANSACTION_CONFLICT,
          "database " + request.name() + " was made, dropped or renamed meanwhile; try again");
    }
    return existing.orElseGet(() ->
        tx.databases()
            .create(target, request.name(), manifest.catalog().settings().kind(), Map.of()));
  }

  /**
   * @param replaced when the state that the database had ends; a new one begins with the archive's
   *     time
   */
  private static void commit(
      MetastoreTransaction tx,
      RestoreRequest request,
      Database database,
      Manifest manifest,
      Map<CollectionId, OwnVersion> own,
      OptionalLong replaced) {
    Catalog catalog = manifest.catalog();
    BackupInfo backup = manifest.info();
    DatabaseCommit archived = catalog.commit();
    tx.takeovers()
        .apply(
            database.id(),
            new DatabaseCommit(
                archived.seq(),
                replaced.orElse(archived.committedAt()),
                true,
                Optional.of(request.by()),
                request.tenant(),
                "RESTORE DATABASE FROM " + backup.database() + " AT " + backup.seq(),
                archived.schemas(),
                tx.restores().present(archived.collections(), catalog.access(), catalog.settings()),
                List.of()),
            own);
    tx.takeovers()
        .applyAccess(
            database.id(),
            tx.restores().present(archived, catalog.access(), catalog.settings()),
            true);
    tx.restores().apply(database.id(), settings(tx, catalog));
  }
}
