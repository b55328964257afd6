package dev.polder.lake.commit;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableState;
import dev.polder.lake.io.Warehouse;
import dev.polder.lake.plan.ScanPlanner;
import dev.polder.lake.plan.TableFiles;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.commit.FileChange;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.NotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * The files by which two versions of a table differ, whoever wrote them: data, deletes, manifests
 * and manifest lists. New ones must be there and lie in the table's own directory: who may write
 * one table must not come to read another one by naming its files.
 */
final class ForeignFiles {
  private final ScanPlanner planner;
  private final Warehouse warehouse;
  private final Metastore metastore;
  private final LakeCollection table;

  ForeignFiles(
      ScanPlanner planner, Warehouse warehouse, Metastore metastore, LakeCollection table) {
    this.planner = planner;
    this.warehouse = warehouse;
    this.metastore = metastore;
    this.table = table;
  }

  /**
   * The ledger's entries, but for metadata files, and manifests that the newer version replaced.
   */
  Changes changes(@Nullable TableMetadata before, TableMetadata after) {
    verifyStatistics(before, after);
    if (before != null
        && before.snapshots().equals(after.snapshots())
        && sameCurrent(before, after)) {
      return new Changes(List.of(), new ContentDifference(false, false));
    }
    verifyPlaces(before, after);
    Content was = before == null ? Content.NONE : content(before);
    Content is = content(after);
    Map<String, Long> old = was.all();
    Map<String, Long> current = is.all();
    List<FileChange> changes = new ArrayList<>();
    current.forEach((path, bytes) -> {
      if (!old.containsKey(path)) {
        verifyPlace(path, Set.of());
        if (!warehouse.isExternal(path)) {
          changes.add(table.added(path, sizeOf(path)));
        }
      }
    });
    old.forEach((path, bytes) -> {
      if (!current.containsKey(path) && !warehouse.isExternal(path)) {
        changes.add(table.removed(path, bytes));
      }
    });
    addMetadata(before, after, changes);
    boolean adds = !was.data().keySet().containsAll(is.data().keySet());
    boolean removes =
        !is.data().keySet().containsAll(was.data().keySet())
            || !was.deletes().keySet().equals(is.deletes().keySet());
    return new Changes(changes, new ContentDifference(adds, removes));
  }

  /** Statistics come and go without a snapshot. */
  private void verifyStatistics(@Nullable TableMetadata before, TableMetadata after) {
    Set<String> known = before == null ? Set.of() : statistics(before);
    statistics(after).forEach(path -> verifyPlace(path, known));
  }

  private static Set<String> statistics(TableMetadata metadata) {
    Set<String> paths = new HashSet<>();
    metadata.statisticsFiles().forEach(file -> paths.add(file.path()));
    metadata.partitionStatisticsFiles().forEach(file -> paths.add(file.path()));
    return paths;
  }

  /** Before anything of it is read. */
  private void verifyPlaces(@Nullable TableMetadata before, TableMetadata after) {
    Set<String> known = new HashSet<>();
    if (before != null) {
      before.snapshots().forEach(snapshot -> known.add(snapshot.manifestListLocation()));
    }
    for (Snapshot snapshot : after.snapshots()) {
      String list = snapshot.manifestListLocation();
      if (list == null) {
        throw new PolderException(
            ErrorCode.NOT_SUPPORTED,
            "snapshot " + snapshot.snapshotId() + " lists its manifests itself; use format 2");
      }
      if (!known.contains(list)) {
        verifyPlace(list, known);
        verifyManifests(before, snapshot);
        verifyContent(before, after, snapshot);
      }
    }
  }

  /** A snapshot that no branch leads to can be read by its number all the same. */
  private void verifyContent(
      @Nullable TableMetadata before, TableMetadata after, Snapshot snapshot) {
    String version = after.metadataFileLocation();
    TableState state = TableState.of(table.id(), after, version).asOf(snapshot.snapshotId());
    TableFiles files = planner.files(state);
    List<String> elsewhere =
        Stream.concat(files.entries().stream().map(entry -> entry.file()), files.deletes().stream())
            .map(ContentFile::location)
            .filter(path -> !isOwn(path))
            .toList();
    if (!elsewhere.isEmpty()) {
      Set<String> known = before == null ? Set.of() : content(before).all().keySet();
      elsewhere.forEach(path -> verifyPlace(path, known));
    }
  }

  private void verifyManifests(@Nullable TableMetadata before, Snapshot snapshot) {
    @Nullable Set<String> inherited = null;
    for (ManifestFile manifest : snapshot.allManifests(warehouse.io())) {
      if (!isOwn(manifest.path())) {
        if (inherited == null) {
          inherited = before == null ? Set.of() : allManifests(before);
        }
        verifyPlace(manifest.path(), inherited);
      }
    }
  }

  private Set<String> allManifests(TableMetadata metadata) {
    Set<String> paths = new HashSet<>();
    for (Snapshot snapshot : metadata.snapshots()) {
      snapshot.allManifests(warehouse.io()).forEach(manifest -> paths.add(manifest.path()));
    }
    return paths;
  }

  private void verifyPlace(String path, Set<String> known) {
    if (!known.contains(path) && !isOwn(path) && !warehouse.isExternal(path)) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "file "
              + path
              + " does not lie in the directory of "
              + table.ref()
              + ", "
              + table.location());
    }
  }

  private boolean isOwn(String path) {
    return Warehouse.isBelow(path, table.location());
  }

  private static boolean sameCurrent(TableMetadata before, TableMetadata after) {
    return Objects.equals(before.currentSnapshot(), after.currentSnapshot());
  }

  /** How much a version's data and delete files in the warehouse are. */
  record Size(long bytes, long files) {}

  Size size(TableMetadata metadata) {
    Map<String, Long> all = content(metadata).all();
    all.keySet().removeIf(warehouse::isExternal);
    return new Size(all.values().stream().mapToLong(bytes -> bytes).sum(), all.size());
  }

  /** The ledger's entries, and what they mean. */
  record Changes(List<FileChange> entries, ContentDifference difference) {}

  private record Content(Map<String, Long> data, Map<String, Long> deletes) {
    static final Content NONE = new Content(Map.of(), Map.of());

    Map<String, Long> all() {
      Map<String, Long> all = new TreeMap<>(data);
      all.putAll(deletes);
      return all;
    }
  }

  /** What only a snapshot in between names is new and at once replaced. */
  private void addMetadata(
      @Nullable TableMetadata before, TableMetadata after, List<FileChange> changes) {
    Map<String, Long> added = new TreeMap<>();
    for (Snapshot snapshot : after.snapshots()) {
      if (before == null || before.snapshot(snapshot.snapshotId()) == null) {
        added.putAll(manifests(snapshot));
      }
    }
    if (before != null) {
      Snapshot was = before.currentSnapshot();
      if (was != null) {
        added.keySet().removeAll(names(was));
      }
      // What no commit has named is in no older snapshot: those are read only for the others.
      if (metastore.read(tx -> tx.storage().names(added.keySet()))) {
        before.snapshots().stream()
            .filter(snapshot -> after.snapshot(snapshot.snapshotId()) != null)
            .forEach(snapshot -> added.keySet().removeAll(names(snapshot)));
      }
    }
    Snapshot is = after.currentSnapshot();
    Set<String> current = is == null ? Set.of() : names(is);
    added.forEach((path, bytes) -> {
      changes.add(table.added(path, bytes));
      if (!current.contains(path)) {
        changes.add(table.removed(path, bytes));
      }
    });
  }

  private Map<String, Long> manifests(Snapshot snapshot) {
    Map<String, Long> files = new TreeMap<>();
    String list = snapshot.manifestListLocation();
    if (list != null && !warehouse.isExternal(list)) {
      files.put(list, sizeOf(list));
    }
    for (ManifestFile manifest : snapshot.allManifests(warehouse.io())) {
      if (!warehouse.isExternal(manifest.path())) {
        files.put(manifest.path(), manifest.length());
      }
    }
    return files;
  }

  /** A snapshot's own files: its list and the manifests in that. */
  private Set<String> names(Snapshot snapshot) {
    Set<String> names = new HashSet<>();
    String list = snapshot.manifestListLocation();
    if (list != null) {
      names.add(list);
    }
    snapshot.allManifests(warehouse.io()).forEach(manifest -> names.add(manifest.path()));
    return names;
  }

  /** What the ledger is charged with is the file's size and not a client's word. */
  private long sizeOf(String path) {
    try {
      // A local file that is not there has no bytes, which is no failure by itself.
      long size = warehouse.size(path);
      if (size > 0 || warehouse.io().newInputFile(path).exists()) {
        return size;
      }
    } catch (NotFoundException e) {
      throw missing(path, e);
    }
    throw missing(path, null);
  }

  private static PolderException missing(String path, @Nullable Throwable cause) {
    return new PolderException(
        ErrorCode.INVALID_PARAMETER,
        "file " + path + " is not there: it must be written before it is committed",
        cause);
  }

  private Content content(TableMetadata metadata) {
    String version = metadata.metadataFileLocation();
    TableFiles files = planner.files(TableState.of(table.id(), metadata, version));
    Map<String, Long> data = new TreeMap<>();
    files.entries().forEach(entry -> put(data, entry.file()));
    Map<String, Long> deletes = new TreeMap<>();
    files.deletes().forEach(file -> put(deletes, file));
    return new Content(data, deletes);
  }

  private static void put(Map<String, Long> sizes, ContentFile<?> file) {
    sizes.put(file.location(), file.fileSizeInBytes());
  }
}
