package dev.polder.federation.jdbc;

import dev.polder.federation.SourceClient.Listed;
import dev.polder.federation.catalog.SourceCatalog;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteTable;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What a driver tells of its system's tables. Thread-safe. */
final class JdbcCatalog implements SourceCatalog {
  private static final Set<String> SYSTEM =
      Set.of("information_schema", "pg_catalog", "pg_toast", "performance_schema", "mysql", "sys");
  private static final Set<String> TABLES =
      Set.of(
          "TABLE", "BASE TABLE", "PARTITIONED TABLE", "FOREIGN TABLE", "VIEW", "MATERIALIZED VIEW");

  private final JdbcSystem system;

  JdbcCatalog(JdbcSystem system) {
    this.system = system;
  }

  @Override
  public List<String> schemas() {
    boolean usesCatalogs = system.product().usesCatalogs();
    return system
        .asked(connection -> {
          DatabaseMetaData metadata = connection.getMetaData();
          try (ResultSet rows = usesCatalogs ? metadata.getCatalogs() : metadata.getSchemas()) {
            return all(rows, row -> row.getString(1));
          }
        })
        .stream()
        .filter(name -> !SYSTEM.contains(name.toLowerCase(Locale.ROOT)))
        .distinct()
        .toList();
  }

  @Override
  public List<Listed> tables(String schema) {
    Product product = system.product();
    return system
        .asked(connection -> {
          try (ResultSet rows =
              product.usesCatalogs()
                  ? connection.getMetaData().getTables(schema, null, "%", null)
                  : connection
                      .getMetaData()
                      .getTables(connection.getCatalog(), pattern(product, schema), "%", null)) {
            return all(rows, row -> found(row, product, schema));
          }
        })
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Listed> found(ResultSet row, Product product, String schema)
      throws SQLException {
    String type = String.valueOf(row.getString("TABLE_TYPE")).toUpperCase(Locale.ROOT);
    return TABLES.contains(type) && isOf(row, product, schema)
        ? Optional.of(new Listed(row.getString("TABLE_NAME"), type.endsWith("VIEW")))
        : Optional.empty();
  }

  /** A pattern may match more than it was made of, where the driver knows no escape. */
  private static boolean isOf(ResultSet row, Product product, String schema) throws SQLException {
    return schema.equals(row.getString(product.usesCatalogs() ? "TABLE_CAT" : "TABLE_SCHEM"));
  }

  private static String pattern(Product product, String name) {
    String escape = product.escape();
    return escape.isEmpty()
        ? name
        : name.replace(escape, escape + escape)
            .replace("_", escape + "_")
            .replace("%", escape + "%");
  }

  @Override
  public Optional<RemoteTable> table(String schema, Listed table) {
    Product product = system.product();
    List<RemoteColumn> columns =
        system
            .asked(connection -> {
              try (ResultSet rows =
                  connection
                      .getMetaData()
                      .getColumns(
                          product.usesCatalogs() ? schema : connection.getCatalog(),
                          product.usesCatalogs() ? null : pattern(product, schema),
                          pattern(product, table.name()),
                          "%")) {
                return all(rows, row -> column(row, product, schema, table));
              }
            })
            .stream()
            .flatMap(Optional::stream)
            .toList();
    return columns.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RemoteTable(
                system.alias(), schema, table.name(), table.view(), columns, OptionalLong.empty()));
  }

  private Optional<RemoteColumn> column(ResultSet row, Product product, String schema, Listed table)
      throws SQLException {
    if (!isOf(row, product, schema) || !table.name().equals(row.getString("TABLE_NAME"))) {
      return Optional.empty();
    }
    String name = String.valueOf(row.getString("TYPE_NAME"));
    String type =
        JdbcTypes.read(
            row.getInt("DATA_TYPE"),
            name,
            row.getInt("COLUMN_SIZE"),
            row.getInt("DECIMAL_DIGITS"),
            system.wideDecimal());
    return Optional.of(
        new RemoteColumn(
            row.getString("COLUMN_NAME"),
            type,
            name,
            row.getInt("NULLABLE") != DatabaseMetaData.columnNoNulls));
  }

  /** What a row says. */
  private interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  private static <T> List<T> all(ResultSet rows, Row<T> row) throws SQLException {
    List<T> all = new ArrayList<>();
    while (rows.next()) {
      all.add(row.of(rows));
    }
    return all;
  }
}
