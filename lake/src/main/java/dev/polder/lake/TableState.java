package dev.polder.lake;

import dev.polder.model.CollectionId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * One version of a table: its parsed metadata and the snapshot that is read. Immutable and
 * thread-safe; two states with the same {@link #version()} answer every query alike.
 */
public final class TableState {
  private final CollectionId id;
  private final TableMetadata metadata;
  private final @Nullable Snapshot snapshot;
  private final Schema schema;
  private final String version;

  private TableState(
      CollectionId id,
      TableMetadata metadata,
      @Nullable Snapshot snapshot,
      Schema schema,
      String version) {
    this.id = id;
    this.metadata = metadata;
    this.snapshot = snapshot;
    this.schema = schema;
    this.version = version;
  }

  /**
   * A table as its metadata describes it.
   *
   * @param version text that names the metadata's content: its location, or for a transaction's own
   *     state something that no other state has
   */
  public static TableState of(CollectionId id, TableMetadata metadata, String version) {
    return new TableState(id, metadata, metadata.currentSnapshot(), metadata.schema(), version);
  }

  /**
   * The table as of one of the snapshots that its metadata still lists, with that time's schema.
   */
  public TableState asOf(long snapshotId) {
    Snapshot chosen = metadata.snapshot(snapshotId);
    if (chosen == null) {
      throw new PolderException(
          ErrorCode.VERSION_NOT_FOUND,
          "snapshot "
              + snapshotId
              + " is not in the table's metadata; use a commit number or time");
    }
    Integer schemaId = chosen.schemaId();
    Schema then = schemaId == null ? schema : metadata.schemasById().get(schemaId);
    return new TableState(
        id, metadata, chosen, then == null ? schema : then, version + "@" + snapshotId);
  }

  /** The table without a row. */
  TableState beforeItsFirstRow() {
    return new TableState(id, metadata, null, schema, version + "@0");
  }

  public CollectionId id() {
    return id;
  }

  public TableMetadata metadata() {
    return metadata;
  }

  /** Empty for a table without data. */
  public Optional<Snapshot> snapshot() {
    return Optional.ofNullable(snapshot);
  }

  public Schema schema() {
    return schema;
  }

  public PartitionSpec spec() {
    return metadata.spec();
  }

  public SortOrder sortOrder() {
    return metadata.sortOrder();
  }

  public Map<String, String> properties() {
    return metadata.properties();
  }

  public int formatVersion() {
    return metadata.formatVersion();
  }

  /** The directory that holds the table's files. */
  public String location() {
    return metadata.location();
  }

  /** A key for caches of what is derived from this state. */
  public String version() {
    return version;
  }
}
