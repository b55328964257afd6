package dev.polder.lake.plan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.lake.TableState;
import dev.polder.lake.filter.FileFilter;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.io.LocalFileIO;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Plans scans from cached manifest entries: files that cannot hold a matching row are left out, and
 * each file says how it is read and which of its rows are deleted. Thread-safe.
 */
public final class ScanPlanner {
  private static final int BYTES_PER_ENTRY = 100;
  private static final int BYTES_PER_DELETE = 300;

  private final FileIO io;
  private final ManifestCache manifests;
  private final DeleteReader deletes;
  private final FileSchemas fileSchemas;
  private final Cache<String, TableFiles> flattened;
  private final Cache<String, DeleteIndex> indexes;
  private final Cache<String, SchemaMappings> mappings =
      Caffeine.newBuilder().maximumSize(10_000).build();

  /**
   * Plans what lies behind a file store.
   *
   * @param manifestBytes weight of the manifest entries that are kept
   * @param deleteBytes weight of the bitmaps that are kept
   */
  public ScanPlanner(FileIO io, long manifestBytes, long deleteBytes) {
    this.io = io;
    this.manifests = new ManifestCache(io, manifestBytes);
    this.deletes = new DeleteReader(io, deleteBytes);
    this.fileSchemas = new FileSchemas(io);
    this.flattened =
        Caffeine.newBuilder()
            .maximumWeight(manifestBytes / 4)
            .weigher(
                (String list, TableFiles files) -> 100 + files.entries().size() * BYTES_PER_ENTRY)
            .build();
    this.indexes =
        Caffeine.newBuilder()
            .maximumWeight(manifestBytes / 4)
            .weigher((String list, DeleteIndex index) -> 100 + index.size() * BYTES_PER_DELETE)
            .build();
  }

  /** The files that a scan with this filter reads. */
  public ScanPlan plan(TableState table, LakeFilter filter) {
    TableFiles all = files(table);
    FileFilter keep = new FileFilter(filter, table.schema(), table.metadata().specsById());
    List<TableFiles.Entry> chosen =
        keep.keepsAll()
            ? all.entries()
            : all.entries().stream().filter(entry -> keep.mayMatch(entry.file())).toList();
    SchemaMappings mapping =
        mappings.get(table.version(), ignored -> new SchemaMappings(fileSchemas, table));
    mapping.prepare(chosen.stream().map(TableFiles.Entry::file).toList());
    List<PlannedFile> planned = new ArrayList<>(chosen.size());
    for (TableFiles.Entry entry : chosen) {
      planned.add(planned(table, entry, planned.size(), mapping));
    }
    return new FilePlan(planned, all.entries().size(), table.schema());
  }

  private PlannedFile planned(
      TableState table, TableFiles.Entry entry, int index, SchemaMappings mapping) {
    DataFile file = entry.file();
    if (file.format() != FileFormat.PARQUET) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          file.location() + " is " + file.format() + "; only Parquet data files can be read");
    }
    Optional<RowDeletes> hidden =
        entry.deletes().isEmpty()
            ? Optional.empty()
            : Optional.of(deletes.deletes(table, file, entry.deletes()));
    return new PlannedFile(
        index,
        LocalFileIO.plain(file.location()),
        file.recordCount(),
        file.fileSizeInBytes(),
        mapping.of(file),
        constants(table, file),
        hidden,
        file);
  }

  private static Map<Integer, @Nullable Object> constants(TableState table, DataFile file) {
    PartitionSpec spec = table.metadata().spec(file.specId());
    if (spec == null || spec.isUnpartitioned()) {
      return Map.of();
    }
    Map<Integer, @Nullable Object> constants = new HashMap<>();
    List<PartitionField> fields = spec.fields();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).transform().isIdentity()) {
        constants.put(fields.get(i).sourceId(), file.partition().get(i, Object.class));
      }
    }
    return constants;
  }

  /** All live files of a table state. */
  public TableFiles files(TableState table) {
    Snapshot snapshot = table.snapshot().orElse(null);
    if (snapshot == null) {
      return TableFiles.NONE;
    }
    String key =
        snapshot.manifestListLocation() == null ? table.version() : snapshot.manifestListLocation();
    return flattened.get(key, ignored -> flatten(table, snapshot));
  }

  private TableFiles flatten(TableState table, Snapshot snapshot) {
    Map<Integer, PartitionSpec> specs = table.metadata().specsById();
    List<DeleteFile> deleteFiles = deleteFiles(snapshot, specs);
    DeleteIndex index = new DeleteIndex(deleteFiles, specs);
    List<TableFiles.Entry> entries = new ArrayList<>();
    for (ManifestFile manifest : snapshot.dataManifests(io)) {
      for (DataFile file : manifests.dataFiles(manifest, specs)) {
        entries.add(new TableFiles.Entry(file, deleteFiles.isEmpty() ? List.of() : index.of(file)));
      }
    }
    return new TableFiles(entries, deleteFiles);
  }

  private List<DeleteFile> deleteFiles(Snapshot snapshot, Map<Integer, PartitionSpec> specs) {
    List<DeleteFile> files = new ArrayList<>();
    for (ManifestFile manifest : snapshot.deleteManifests(io)) {
      files.addAll(manifests.deleteFiles(manifest, specs));
    }
    return files;
  }

  /** Which delete files of a snapshot apply to which of its files. */
  DeleteIndex deletes(Snapshot snapshot, Map<Integer, PartitionSpec> specs) {
    String list = snapshot.manifestListLocation();
    return list == null
        ? new DeleteIndex(deleteFiles(snapshot, specs), specs)
        : indexes.get(list, ignored -> new DeleteIndex(deleteFiles(snapshot, specs), specs));
  }

  /** The live files of a manifest. */
  List<DataFile> dataFiles(ManifestFile manifest, Map<Integer, PartitionSpec> specs) {
    return manifests.dataFiles(manifest, specs);
  }

  /** Rows that earlier position deletes and deletion vectors of these files hide. */
  public PositionDeleteIndex positions(DataFile file, List<DeleteFile> applied) {
    return deletes.positions(file, applied);
  }
}
