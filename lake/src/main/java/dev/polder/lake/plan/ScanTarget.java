package dev.polder.lake.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.rest.requests.PlanTableScanRequest;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * What a scan is of: one snapshot with its deletes, or what the appends between two snapshots have
 * added. The manifests' order is the same each time. Immutable.
 *
 * @param schema what the filter speaks of
 * @param deletes whose delete files hide rows; empty where none do
 * @param added of a manifest, which of its files belong to the scan
 */
record ScanTarget(
    Schema schema,
    Map<Integer, PartitionSpec> specs,
    List<ManifestFile> manifests,
    Optional<Snapshot> deletes,
    Map<Long, Predicate<DataFile>> added) {

  static ScanTarget of(TableMetadata table, PlanTableScanRequest request, FileIO io) {
    Long end = request.endSnapshotId();
    Long start = request.startSnapshotId();
    if (end != null && start != null) {
      return appended(table, start, end, request.useSnapshotSchema(), io);
    }
    Long asked = request.snapshotId();
    Snapshot snapshot = asked == null ? table.currentSnapshot() : known(table, asked);
    if (snapshot == null) {
      return new ScanTarget(
          table.schema(), table.specsById(), List.of(), Optional.empty(), Map.of());
    }
    Schema schema =
        asked == null ? table.schema() : schema(table, snapshot, request.useSnapshotSchema());
    return new ScanTarget(
        schema,
        specs(table, schema),
        snapshot.dataManifests(io),
        snapshot.deleteManifests(io).isEmpty() ? Optional.empty() : Optional.of(snapshot),
        Map.of());
  }

  private static ScanTarget appended(
      TableMetadata table, long start, long end, boolean snapshotSchema, FileIO io) {
    Snapshot last = known(table, end);
    List<Snapshot> between = new ArrayList<>();
    boolean reached = start == end;
    for (Snapshot snapshot : SnapshotUtil.ancestorsOf(end, table::snapshot)) {
      if (snapshot.snapshotId() == start) {
        break;
      }
      between.add(snapshot);
      Long parent = snapshot.parentId();
      reached = reached || (parent != null && parent == start);
    }
    ValidationException.check(
        reached,
        "Starting snapshot (exclusive) %s is not a parent ancestor of end snapshot %s",
        start,
        end);
    Map<Long, Predicate<DataFile>> added = new HashMap<>();
    List<ManifestFile> manifests = new ArrayList<>();
    for (Snapshot snapshot : between) {
      if (snapshot.operation().equals(DataOperations.APPEND)) {
        added.put(snapshot.snapshotId(), addedBy(table, snapshot, io));
        snapshot.dataManifests(io).stream()
            .filter(manifest -> snapshot.snapshotId() == manifest.snapshotId())
            .forEach(manifests::add);
      }
    }
    Schema schema = schema(table, last, snapshotSchema);
    return new ScanTarget(schema, specs(table, schema), manifests, Optional.empty(), added);
  }

  /** A manifest of an append may hold older entries that were merged into it. */
  private static Predicate<DataFile> addedBy(TableMetadata table, Snapshot snapshot, FileIO io) {
    if (snapshot.sequenceNumber() > 0) {
      return file ->
          file.fileSequenceNumber() != null
              && file.fileSequenceNumber() == snapshot.sequenceNumber();
    }
    // Of the table format's first version, which numbers nothing.
    Set<String> paths = new HashSet<>();
    SnapshotChanges.builderFor(
            new BaseTable(new StaticTableOperations(table, io), table.location()))
        .snapshot(snapshot)
        .build()
        .addedDataFiles()
        .forEach(file -> paths.add(file.location()));
    return file -> paths.contains(file.location());
  }

  private static Snapshot known(TableMetadata table, long id) {
    Snapshot found = table.snapshot(id);
    ValidationException.check(found != null, "Cannot find snapshot with ID %s", id);
    return found;
  }

  /** The table's schema, or the one it had when the snapshot was written. */
  private static Schema schema(TableMetadata table, Snapshot snapshot, boolean then) {
    Integer id = snapshot.schemaId();
    return then && id != null
        ? Objects.requireNonNullElse(table.schemasById().get(id), table.schema())
        : table.schema();
  }

  /** The specs over the schema that the filter speaks of. */
  private static Map<Integer, PartitionSpec> specs(TableMetadata table, Schema schema) {
    if (schema.schemaId() == table.schema().schemaId()) {
      return table.specsById();
    }
    Map<Integer, PartitionSpec> bound = new HashMap<>();
    table.specsById().forEach((id, spec) -> bound.put(id, spec.toUnbound().bind(schema, true)));
    return bound;
  }

  /** Whether a file of a manifest belongs to the scan. */
  Predicate<DataFile> of(ManifestFile manifest) {
    return added.getOrDefault(manifest.snapshotId(), file -> true);
  }
}
