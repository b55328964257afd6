package dev.polder.engine.internal.catalog;

import dev.polder.lake.LakeCollection;
import dev.polder.lake.commit.ContentDifference;
import dev.polder.lake.commit.UpdateCheck;
import dev.polder.lake.io.Warehouse;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.policy.Access;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.jspecify.annotations.Nullable;

/**
 * What a principal may make of a table by sending metadata: adding rows takes INSERT, removing rows
 * DELETE, all else ALTER, told by the files and not by what the client calls it. Files stay where
 * the server put the table, and deleting files stays the collector's work. Immutable.
 *
 * @param external whether a place outside of the warehouse may hold files
 * @param engineGc whether properties may tell engines to delete files
 * @param free whether a directory that a new table wants is nobody's
 */
record TableRules(
    Access access, Predicate<String> external, boolean engineGc, Predicate<LakeCollection> free)
    implements UpdateCheck {
  private static final int NEWEST_FORMAT = 3;
  private static final List<String> PATHS =
      List.of(
          TableProperties.WRITE_DATA_LOCATION,
          TableProperties.WRITE_METADATA_LOCATION,
          "write.object-storage.path",
          "write.folder-storage.path");

  @Override
  public void check(
      LakeCollection table,
      @Nullable TableMetadata base,
      TableMetadata built,
      ContentDifference difference) {
    requireFormat(built.formatVersion());
    requireProperties(external, engineGc, base, built);
    if (base == null) {
      if (!free.test(table)) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER,
            "the location "
                + built.location()
                + " is not one that the server gave to a new table: stage the table"
                + " (stage-create) and commit it where that answer puts it");
      }
      return;
    }
    requireUnrestricted(access, table);
    if (!built.location().equals(base.location()) && !external.test(built.location())) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "the location of "
              + table.ref()
              + " cannot be changed: its files are the server's to"
              + " place");
    }
    if (!Objects.equals(built.uuid(), base.uuid())) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER, "the UUID of " + table.ref() + " cannot be changed");
    }
    if (difference.addsRows()) {
      require(table, Privilege.INSERT);
    }
    if (difference.removesRows()) {
      require(table, Privilege.DELETE);
    }
    if (changesDefinition(base, built)) {
      require(table, Privilege.ALTER);
    } else if (!difference.addsRows() && !difference.removesRows() && !built.changes().isEmpty()) {
      requireAny(table, List.of(Privilege.INSERT, Privilege.DELETE, Privilege.ALTER));
    }
  }

  private void require(LakeCollection table, Privilege privilege) {
    access.onCollection(privilege, table.schema(), table.id(), table.ref().toString()).require();
  }

  private void requireAny(LakeCollection table, List<Privilege> privileges) {
    boolean any =
        privileges.stream()
            .anyMatch(privilege ->
                access
                    .onCollection(privilege, table.schema(), table.id(), table.ref().toString())
                    .allowed());
    if (!any) {
      require(table, Privilege.INSERT);
    }
  }

  /** Whoever may not see all of a table gets no file of it. */
  static void requireUnrestricted(Access access, LakeCollection table) {
    if (!access.policies(table.id()).isEmpty()) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED,
          "a row filter or mask on "
              + table.ref()
              + " holds for you, and files know no filters: read the table by SQL");
    }
  }

  private static boolean changesDefinition(TableMetadata base, TableMetadata built) {
    return base.currentSchemaId() != built.currentSchemaId()
        || base.schemas().size() != built.schemas().size()
        || base.defaultSpecId() != built.defaultSpecId()
        || base.specs().size() != built.specs().size()
        || base.defaultSortOrderId() != built.defaultSortOrderId()
        || base.sortOrders().size() != built.sortOrders().size()
        || base.formatVersion() != built.formatVersion()
        || !base.properties().equals(built.properties())
        || !base.statisticsFiles().equals(built.statisticsFiles())
        || !base.partitionStatisticsFiles().equals(built.partitionStatisticsFiles())
        || !others(base).equals(others(built))
        || losesSnapshots(base, built);
  }

  private static Map<String, SnapshotRef> others(TableMetadata metadata) {
    Map<String, SnapshotRef> refs = new HashMap<>(metadata.refs());
    refs.remove(SnapshotRef.MAIN_BRANCH);
    return refs;
  }

  private static boolean losesSnapshots(TableMetadata base, TableMetadata built) {
    return base.snapshots().stream()
        .anyMatch(snapshot -> built.snapshot(snapshot.snapshotId()) == null);
  }

  /** Iceberg's library makes tables of a format that is not settled yet. */
  static void requireFormat(int version) {
    if (version > NEWEST_FORMAT) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "format-version " + version + " is not served; use 1, 2 or " + NEWEST_FORMAT);
    }
  }

  static void requireProperties(
      Predicate<String> external,
      boolean engineGc,
      @Nullable TableMetadata base,
      TableMetadata built) {
    Map<String, String> before = base == null ? Map.of() : base.properties();
    Map<String, String> after = built.properties();
    if (!engineGc) {
      requireFalse(TableProperties.GC_ENABLED, before, after);
      requireFalse(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, before, after);
    }
    for (String key : PATHS) {
      String path = after.get(key);
      if (path != null
          && !path.equals(before.get(key))
          && !Warehouse.isBelow(path, built.location())
          && !external.test(path)) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER,
            key + " must lie in the table's own directory, " + built.location());
      }
    }
  }

  private static void requireFalse(
      String key, Map<String, String> before, Map<String, String> after) {
    String value = after.get(key);
    if (value != null && !value.equals("false") && !value.equals(before.get(key))) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          key
              + " stays false: files are shared by clones, mirrors and time travel, and one"
              + " collector alone deletes them");
    }
  }
}
