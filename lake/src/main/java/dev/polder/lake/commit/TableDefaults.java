package dev.polder.lake.commit;

import dev.polder.lake.LakeOptions;
import dev.polder.lake.TableDefinition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.util.SnapshotUtil;

/** What every table's metadata keeps to, whoever changes it. Immutable. */
public final class TableDefaults {
  private final LakeOptions options;

  public TableDefaults(LakeOptions options) {
    this.options = options;
  }

  /** Metadata of a new table with an identity of its own. */
  public TableMetadata create(TableDefinition definition, UUID uuid, String location) {
    TableMetadata fresh =
        TableMetadata.newTableMetadata(
            definition.schema(),
            definition.spec(),
            definition.sortOrder(),
            location,
            properties(definition));
    return TableMetadata.buildFrom(fresh).assignUUID(uuid.toString()).build();
  }

  /** Metadata of a new table as another engine wants it: its properties are the client's alone. */
  public TableMetadata createPlain(TableDefinition definition, UUID uuid, String location) {
    Map<String, String> properties = new HashMap<>(definition.properties());
    properties.put(TableProperties.FORMAT_VERSION, Integer.toString(definition.formatVersion()));
    properties.putIfAbsent(TableProperties.GC_ENABLED, "false");
    TableMetadata fresh =
        TableMetadata.newTableMetadata(
            definition.schema(), definition.spec(), definition.sortOrder(), location, properties);
    return TableMetadata.buildFrom(fresh).assignUUID(uuid.toString()).build();
  }

  /** The definition's properties over ours. */
  public Map<String, String> properties(TableDefinition definition) {
    Map<String, String> properties = new HashMap<>();
    properties.put(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "1");
    properties.put(
        TableProperties.MANIFEST_MIN_MERGE_COUNT, Integer.toString(options.manifestsBeforeMerge()));
    properties.put(TableProperties.PARQUET_COMPRESSION, "zstd");
    properties.putAll(definition.properties());
    properties.put(TableProperties.FORMAT_VERSION, Integer.toString(definition.formatVersion()));
    properties.put(TableProperties.GC_ENABLED, "false");
    return properties;
  }

  /**
   * The metadata as it may be written: one collector alone deletes files, and snapshots that no
   * branch or tag names are listed up to a small number; older ones live on in older metadata
   * files.
   */
  public TableMetadata enforce(TableMetadata metadata) {
    TableMetadata result = metadata;
    if (result.propertyAsBoolean(TableProperties.GC_ENABLED, true)) {
      Map<String, String> properties = new HashMap<>(result.properties());
      properties.put(TableProperties.GC_ENABLED, "false");
      result = TableMetadata.buildFrom(result).setProperties(properties).build();
    }
    if (result.snapshots().size() <= options.snapshotsKept()) {
      return result;
    }
    Set<Long> kept = new HashSet<>();
    for (SnapshotRef ref : result.refs().values()) {
      kept.add(ref.snapshotId());
    }
    Snapshot current = result.currentSnapshot();
    if (current != null) {
      int count = 0;
      for (Snapshot ancestor : SnapshotUtil.ancestorsOf(current.snapshotId(), result::snapshot)) {
        if (count++ == options.snapshotsKept()) {
          break;
        }
        kept.add(ancestor.snapshotId());
      }
    }
    return result.removeSnapshotsIf(snapshot -> !kept.contains(snapshot.snapshotId()));
  }
}
