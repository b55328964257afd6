package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeCollection;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.DatabaseOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.jspecify.annotations.Nullable;

/**
 * What SHOW DATABASE DIFF answers: the tables and views that two databases do not share in the same
 * version, with the row counts of both sides. Stateless.
 */
final class DatabaseDiff {
  static final List<Header> COLUMNS =
      List.of(
          Table.text("tenant"),
          Table.text("schema"),
          Table.text("name"),
          Table.text("kind"),
          Table.text("change"),
          Table.number("rows_left"),
          Table.number("rows_right"));

  private DatabaseDiff() {}

  /** A table or view of both, or of one. */
  private record Pair(@Nullable LakeCollection left, @Nullable LakeCollection right) {
    LakeCollection any() {
      LakeCollection either = left == null ? right : left;
      if (either == null) {
        throw new IllegalStateException("a pair of nothing");
      }
      return either;
    }

    String change() {
      if (left == null || right == null) {
        return left == null ? "added" : "removed";
      }
      return left.metadataLocation().equals(right.metadataLocation()) ? "same" : "changed";
    }
  }

  static Table of(Work work, DatabaseName left, DatabaseName right) {
    List<Pair> pairs =
        work.read(tx -> {
          work.gate(tx).require(DatabaseOperation.DIFF);
          Lake lake = work.context().engine().lake();
          Map<String, LakeCollection> here = collections(tx, lake, left);
          Map<String, LakeCollection> there = collections(tx, lake, right);
          List<Pair> all = new ArrayList<>();
          here.forEach((key, collection) -> all.add(new Pair(collection, there.remove(key))));
          there.values().forEach(collection -> all.add(new Pair(null, collection)));
          return all;
        });
    Table rows = Table.of(COLUMNS);
    for (Pair pair : pairs) {
      if (!pair.change().equals("same")) {
        LakeCollection any = pair.any();
        rows.add(
            any.space().tenant().value(),
            any.ref().schema().value(),
            any.ref().name(),
            any.kind().word(),
            pair.change(),
            count(work, pair.left()),
            count(work, pair.right()));
      }
    }
    return rows;
  }

  /** By tenant, schema and name, without regard to case. */
  private static Map<String, LakeCollection> collections(
      MetastoreTransaction tx, Lake lake, DatabaseName name) {
    Database database =
        tx.databases().find(name).orElseThrow(() -> DatabaseStatements.notFound(name));
    Map<String, LakeCollection> all = new TreeMap<>();
    for (SpaceKey space : DatabaseLifecycle.spaces(tx, database.id())) {
      TenantId tenant = space.tenant();
      for (LakeCollection collection : lake.snapshot(tx, space).list()) {
        String key = collection.ref().schema().key() + "\u0000" + collection.ref().key();
        all.put(tenant + "\u0000" + key, collection);
      }
    }
    return all;
  }

  /**
   * Null for views and generic tables, and for tables with deletes whose number of rows no summary
   * tells.
   */
  private static @Nullable Long count(Work work, @Nullable LakeCollection collection) {
    if (collection == null || !collection.isTable()) {
      return null;
    }
    Snapshot snapshot = work.context().engine().lake().load(collection).snapshot().orElse(null);
    if (snapshot == null) {
      return 0L;
    }
    Map<String, String> summary = snapshot.summary();
    String records = summary.get(SnapshotSummary.TOTAL_RECORDS_PROP);
    boolean equalityDeletes =
        !"0".equals(summary.getOrDefault(SnapshotSummary.TOTAL_EQ_DELETES_PROP, "0"));
    if (records == null || equalityDeletes) {
      return null;
    }
    return Long.parseLong(records)
        - Long.parseLong(summary.getOrDefault(SnapshotSummary.TOTAL_POS_DELETES_PROP, "0"));
  }
}
