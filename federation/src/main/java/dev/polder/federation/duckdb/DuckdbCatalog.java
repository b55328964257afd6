package dev.polder.federation.duckdb;

import dev.polder.duck.InstanceConnection;
import dev.polder.federation.SourceClient.Listed;
import dev.polder.federation.catalog.SourceCatalog;
import dev.polder.federation.catalog.SourceFailure;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a database file has. Thread-safe. */
final class DuckdbCatalog implements SourceCatalog {
  private final String alias;
  private final DuckdbFiles files;
  private final Path file;
  private final boolean writable;

  DuckdbCatalog(String alias, DuckdbFiles files, Path file, boolean writable) {
    this.alias = alias;
    this.files = files;
    this.file = file;
    this.writable = writable;
  }

  @Override
  public List<String> schemas() {
    return rows(
            """
            SELECT schema_name FROM duckdb_schemas()
            WHERE database_name = ? AND schema_name NOT IN ('information_schema', 'pg_catalog')
            """,
            DuckdbFiles.CATALOG)
        .stream()
        .map(row -> text(row, 0))
        .toList();
  }

  @Override
  public List<Listed> tables(String schema) {
    return rows(
            """
            SELECT table_name, false FROM duckdb_tables()
            WHERE database_name = $1 AND schema_name = $2
            UNION ALL
            SELECT view_name, true FROM duckdb_views()
            WHERE database_name = $1 AND schema_name = $2 AND NOT internal
            """,
            DuckdbFiles.CATALOG,
            schema)
        .stream()
        .map(row -> new Listed(text(row, 0), Boolean.TRUE.equals(row.get(1))))
        .toList();
  }

  @Override
  public Optional<RemoteTable> table(String schema, Listed table) {
    List<RemoteColumn> columns =
        rows(
                """
                SELECT column_name, data_type, is_nullable FROM duckdb_columns()
                WHERE database_name = ? AND schema_name = ? AND table_name = ?
                ORDER BY column_index
                """,
                DuckdbFiles.CATALOG,
                schema,
                table.name())
            .stream()
            .map(row ->
                new RemoteColumn(
                    text(row, 0),
                    DuckdbTypes.read(text(row, 1)),
                    text(row, 1),
                    !Boolean.FALSE.equals(row.get(2))))
            .toList();
    return columns.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RemoteTable(
                alias, schema, table.name(), table.view(), columns, estimate(schema, table)));
  }

  private OptionalLong estimate(String schema, Listed table) {
    return rows(
            """
            SELECT estimated_size FROM duckdb_tables()
            WHERE database_name = ? AND schema_name = ? AND table_name = ?
            """,
            DuckdbFiles.CATALOG,
            schema,
            table.name())
        .stream()
        .mapToLong(row -> row.getFirst() instanceof Number size ? size.longValue() : 0)
        .findFirst();
  }

  private List<List<@Nullable Object>> rows(String sql, String... parameters) {
    try (SharedFile.Lease lease = files.lease(alias, file, writable);
        InstanceConnection connection = lease.instance().connect()) {
      return connection.rows(sql, List.of(parameters));
    } catch (PolderException e) {
      throw SourceFailure.of(alias, e);
    }
  }

  private static String text(List<@Nullable Object> row, int column) {
    return String.valueOf(row.get(column));
  }
}
