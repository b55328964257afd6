package dev.polder.federation.parquet;

import dev.polder.duck.Instance;
import dev.polder.duck.InstanceConnection;
import dev.polder.federation.SourceClient.Listed;
import dev.polder.federation.catalog.SourceCatalog;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.federation.duckdb.DuckdbTypes;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteTable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** A table for each file and each directory at the root. Thread-safe. */
final class ParquetCatalog implements SourceCatalog {
  static final String SCHEMA = "main";

  private final String alias;
  private final ParquetRoot root;
  private final Supplier<Instance> instance;

  ParquetCatalog(String alias, ParquetRoot root, Supplier<Instance> instance) {
    this.alias = alias;
    this.root = root;
    this.instance = instance;
  }

  @Override
  public List<String> schemas() {
    return List.of(SCHEMA);
  }

  /** A file and a directory of one name are listed twice, and so not found. */
  @Override
  public List<Listed> tables(String schema) {
    Set<List<Object>> names = new LinkedHashSet<>();
    root.list().forEach(file -> names.add(List.of(file.table(), file.isTableByItself())));
    return names.stream().map(name -> new Listed(name.getFirst().toString(), false)).toList();
  }

  @Override
  public Optional<RemoteTable> table(String schema, Listed table) {
    try (ParquetTables tables = new ParquetTables(alias, root);
        InstanceConnection connection = instance.get().connect()) {
      List<RemoteColumn> columns =
          connection.columns("SELECT * FROM " + tables.call(table.name())).stream()
              .map(column ->
                  new RemoteColumn(
                      column.name(), DuckdbTypes.read(column.duckType()), column.duckType(), true))
              .toList();
      return Optional.of(
          new RemoteTable(alias, schema, table.name(), false, columns, OptionalLong.empty()));
    } catch (PolderException e) {
      throw SourceFailure.of(alias, e);
    }
  }
}
