package dev.polder.federation.parquet;

import dev.polder.duck.Sql;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.sql.remote.RemoteTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tables that one transaction reads, each as the files that were there when it was first asked
 * for. They stay until this is closed. For one thread at a time.
 */
final class ParquetTables implements AutoCloseable {
  private final String alias;
  private final ParquetRoot root;
  private final Map<String, Held> held = new HashMap<>();

  ParquetTables(String alias, ParquetRoot root) {
    this.alias = alias;
    this.root = root;
  }

  private record Held(String call, ParquetRoot.Held files) {}

  /** How FROM reads a table. */
  String call(RemoteTable table) {
    return call(table.name());
  }

  String call(String table) {
    Held known = held.get(table);
    if (known == null) {
      List<ParquetFile> files = root.list(table);
      if (files.isEmpty()) {
        throw SourceFailure.failed(alias, "table " + table + " has no files any more", null);
      }
      ParquetRoot.Held local = root.hold(files);
      known = new Held(call(files, local), local);
      held.put(table, known);
    }
    return known.call();
  }

  private static String call(List<ParquetFile> files, ParquetRoot.Held local) {
    return "read_parquet("
        + Sql.literals(local.paths().stream().map(Object::toString).toList())
        + ", hive_partitioning = "
        + files.stream().anyMatch(ParquetFile::isPartitioned)
        + ", union_by_name = "
        + (files.size() > 1)
        + ')';
  }

  @Override
  public void close() {
    held.values().forEach(each -> each.files().close());
    held.clear();
  }
}
