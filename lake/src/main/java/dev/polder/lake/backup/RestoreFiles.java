package dev.polder.lake.backup;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.commit.MetadataFiles;
import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.lineage.VersionCopy;
import dev.polder.lake.lineage.VersionFiles;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.OwnVersion;
import dev.polder.metastore.lineage.RewriteStore.Replacement;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.IdSource;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/** The files of one restore: read, verified, written as new tables' own, and looked at again. */
final class RestoreFiles {
  private static final long METADATA_CACHE = 16L << 20;

  private final Warehouse warehouse;
  private final BackupPlace place;
  private final Manifest manifest;
  private final BackupProgress.Listener listener;

  RestoreFiles(
      Warehouse warehouse, BackupPlace place, Manifest manifest, BackupProgress.Listener listener) {
    this.warehouse = warehouse;
    this.place = place;
    this.manifest = manifest;
    this.listener = listener;
  }

  /** Compares every object with the manifest, as it lies there. */
  void verify() {
    long bytes = manifest.files().values().stream().mapToLong(ArchivedFile::storedBytes).sum();
    ProgressCount progress = progress("verify", bytes);
    for (ArchivedFile file : manifest.files().values()) {
      Digested.Content stored;
      try (InputStream in = place.file(file.object()).newStream()) {
        stored = Digested.read(in, progress::bytes);
      } catch (IOException e) {
        throw Manifest.damaged(place, file.object(), e);
      } catch (RuntimeException e) {
        throw e instanceof PolderException known
            ? known
            : Manifest.damaged(place, file.object(), e);
      }
      if (!stored.equals(new Digested.Content(file.storedBytes(), file.storedSha256()))) {
        throw Manifest.damaged(place, file.object(), new IOException("its digest differs"));
      }
      progress.file();
    }
  }

  /** What the data of each tenant will take up. */
  Map<TenantId, Long> bytes() {
    MetadataFiles archived = new MetadataFiles(archive(), METADATA_CACHE);
    Map<TenantId, Long> bytes = new HashMap<>();
    for (CollectionState state : manifest.catalog().commit().collections()) {
      VersionFiles files = new VersionFiles(archive(), archived);
      files.add(Backups.version(state, DatabaseId.DEFAULT, state.icebergUuid(), state.location()));
      bytes.merge(state.tenant(), files.contentBytes(), Long::sum);
    }
    return bytes;
  }

  private ArchivedIO archive() {
    return new ArchivedIO(
        warehouse.io(), place, manifest.cipher(), manifest.info().id(), manifest.files());
  }

  /** Writes all tables and views, durably, and compares what was written with the archive. */
  Map<CollectionId, OwnVersion> write(DatabaseId database, IdSource ids) {
    ArchivedIO io = archive();
    MetadataFiles archived = new MetadataFiles(io, METADATA_CACHE);
    ProgressCount progress = progress("write", manifest.info().bytes());
    List<Written> tables = new ArrayList<>();
    for (CollectionState state : manifest.catalog().commit().collections()) {
      UUID uuid = ids.next();
      String location = warehouse.location(new SpaceKey(database, state.tenant()), uuid);
      VersionCopy copy =
          new VersionCopy(
              warehouse,
              io,
              archived,
              location,
              bytes -> {
                progress.bytes(bytes);
                progress.file();
              });
      LakeCollection version = Backups.version(state, database, uuid.toString(), location);
      Map<String, Replacement> replaced = copy.write(version);
      Map<String, String> copies = copy.copies();
      replaced.keySet().stream()
          .filter(path -> !copies.containsKey(path))
          .forEach(path -> {
            progress.bytes(archived(path).bytes());
            progress.file();
          });
      tables.add(new Written(version, own(version, replaced), copies));
    }
    warehouse.sync();
    check(tables);
    return tables.stream().collect(Collectors.toMap(it -> it.version().id(), Written::own));
  }

  private void check(List<Written> tables) {
    long files = tables.stream().mapToLong(table -> table.copies().size()).sum();
    long bytes =
        tables.stream()
            .flatMap(table -> table.copies().keySet().stream())
            .mapToLong(path -> archived(path).bytes())
            .sum();
    ProgressCount progress = new ProgressCount(listener, "check", files, bytes);
    MetadataFiles metadata = new MetadataFiles(warehouse.io(), METADATA_CACHE);
    tables.forEach(table -> check(table, metadata, progress));
  }

  /**
   * A table or view whose files are there.
   *
   * @param version its identity, with the metadata location that it had
   * @param copies from the archived name to that of the copy
   */
  private record Written(LakeCollection version, OwnVersion own, Map<String, String> copies) {}

  private ArchivedFile archived(String path) {
    return Objects.requireNonNull(manifest.files().get(path), path);
  }

  private ProgressCount progress(String phase, long bytes) {
    return new ProgressCount(listener, phase, manifest.files().size(), bytes);
  }

  private static OwnVersion own(LakeCollection version, Map<String, Replacement> replaced) {
    Replacement metadata = Objects.requireNonNull(replaced.get(version.metadataLocation()));
    return new OwnVersion(
        version.uuid().toString(),
        version.location(),
        metadata.path(),
        replaced.values().stream()
            .map(file -> FileChange.added(version.id(), file.path(), file.bytes()))
            .toList());
  }

  /** Follows the new metadata to each file, and reads what was copied once more. */
  private void check(Written table, MetadataFiles metadata, ProgressCount progress) {
    LakeCollection version = table.version();
    VersionFiles reached = new VersionFiles(warehouse.io(), metadata);
    reached.add(version.at(table.own().metadataLocation(), version.seq()));
    reached
        .files()
        .forEach((path, bytes) -> {
          if (!path.startsWith(version.location() + "/")
              || warehouse.io().newInputFile(path).getLength() != bytes) {
            throw new PolderException(
                ErrorCode.STORAGE_ERROR, path + " was not written as the backup has it");
          }
        });
    table.copies().forEach((path, copy) -> requireSame(path, copy, progress));
  }

  private void requireSame(String path, String copy, ProgressCount progress) {
    ArchivedFile archived = archived(path);
    Digested.Content content;
    try (InputStream in = warehouse.io().newInputFile(copy).newStream()) {
      content = Digested.read(in, progress::bytes);
    } catch (IOException | RuntimeException e) {
      throw e instanceof PolderException known
          ? known
          : StorageFailure.of("cannot read " + copy + " again", e);
    }
    if (!content.equals(new Digested.Content(archived.bytes(), archived.sha256()))) {
      throw new PolderException(
          ErrorCode.STORAGE_ERROR, copy + " does not hold what the backup has of it");
    }
    progress.file();
  }
}
