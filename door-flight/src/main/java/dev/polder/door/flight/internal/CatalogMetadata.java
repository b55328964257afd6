package dev.polder.door.flight.internal;

import dev.polder.engine.Result;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.flight.sql.FlightSqlColumnMetadata;
import org.apache.arrow.flight.sql.FlightSqlProducer;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetDbSchemas;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandGetTables;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Catalogs, schemas and tables, as {@code information_schema} shows them to the session: grants
 * hold here as in any statement.
 */
final class CatalogMetadata {
  static final List<String> TABLE_TYPES = List.of("TABLE", "VIEW");

  private final Statements statements;

  CatalogMetadata(Statements statements) {
    this.statements = statements;
  }

  Table catalogs(ClientSession client) {
    Table table = new Table(FlightSqlProducer.Schemas.GET_CATALOGS_SCHEMA);
    query(
            client,
            "SELECT DISTINCT catalog_name FROM information_schema.schemata ORDER BY catalog_name",
            List.of())
        .forEach(row -> table.add(row.getFirst()));
    return table;
  }

  Table schemas(ClientSession client, CommandGetDbSchemas command) {
    Conditions where = new Conditions();
    if (command.hasCatalog()) {
      where.equal("catalog_name", command.getCatalog());
    }
    if (command.hasDbSchemaFilterPattern()) {
      where.like("schema_name", command.getDbSchemaFilterPattern());
    }
    Table table = new Table(FlightSqlProducer.Schemas.GET_SCHEMAS_SCHEMA);
    query(
            client,
            "SELECT DISTINCT catalog_name, schema_name FROM information_schema.schemata"
                + where.text()
                + " ORDER BY catalog_name, schema_name",
            where.values())
        .forEach(row -> table.add(row.get(0), row.get(1)));
    return table;
  }

  Table tableTypes() {
    Table table = new Table(FlightSqlProducer.Schemas.GET_TABLE_TYPES_SCHEMA);
    TABLE_TYPES.forEach(table::add);
    return table;
  }

  Table tables(ClientSession client, CommandGetTables command) {
    Conditions where = tableConditions(command);
    List<List<@Nullable Object>> rows =
        query(
            client,
            "SELECT table_catalog, table_schema, table_name, table_type"
                + " FROM information_schema.tables"
                + where.text()
                + " ORDER BY table_type, table_catalog, table_schema, table_name",
            where.values());
    Map<List<String>, Schema> columns =
        command.getIncludeSchema() ? columns(client, command) : Map.of();
    Set<String> wanted = new LinkedHashSet<>(command.getTableTypesList());
    Table table =
        new Table(
            command.getIncludeSchema()
                ? FlightSqlProducer.Schemas.GET_TABLES_SCHEMA
                : FlightSqlProducer.Schemas.GET_TABLES_SCHEMA_NO_SCHEMA);
    for (List<@Nullable Object> row : rows) {
      String type = String.valueOf(row.get(3)).endsWith("VIEW") ? "VIEW" : "TABLE";
      if (!wanted.isEmpty() && !wanted.contains(type)) {
        continue;
      }
      if (command.getIncludeSchema()) {
        Schema schema = columns.getOrDefault(key(row), new Schema(List.of()));
        table.add(row.get(0), row.get(1), row.get(2), type, StatementSchemas.bytes(schema));
      } else {
        table.add(row.get(0), row.get(1), row.get(2), type);
      }
    }
    return table;
  }

  private static Conditions tableConditions(CommandGetTables command) {
    Conditions where = new Conditions();
    if (command.hasCatalog()) {
      where.equal("table_catalog", command.getCatalog());
    }
    if (command.hasDbSchemaFilterPattern()) {
      where.like("table_schema", command.getDbSchemaFilterPattern());
    }
    if (command.hasTableNameFilterPattern()) {
      where.like("table_name", command.getTableNameFilterPattern());
    }
    return where;
  }

  private Map<List<String>, Schema> columns(ClientSession client, CommandGetTables command) {
    Conditions where = tableConditions(command);
    Map<List<String>, List<Field>> fields = new HashMap<>();
    for (List<@Nullable Object> row :
        query(
            client,
            "SELECT table_catalog, table_schema, table_name, column_name, data_type, is_nullable"
                + " FROM information_schema.columns"
                + where.text()
                + " ORDER BY table_catalog, table_schema, table_name, ordinal_position",
            where.values())) {
      String type = String.valueOf(row.get(4));
      Map<String, String> metadata =
          new FlightSqlColumnMetadata.Builder()
              .catalogName(String.valueOf(row.get(0)))
              .schemaName(String.valueOf(row.get(1)))
              .tableName(String.valueOf(row.get(2)))
              .typeName(type)
              .isSearchable(true)
              .build()
              .getMetadataMap();
      fields
          .computeIfAbsent(key(row), k -> new ArrayList<>())
          .add(
              DuckTypes.field(
                  String.valueOf(row.get(3)), type, !"NO".equals(row.get(5)), metadata));
    }
    Map<List<String>, Schema> schemas = new HashMap<>();
    fields.forEach((table, list) -> schemas.put(table, new Schema(list)));
    return schemas;
  }

  private static List<String> key(List<@Nullable Object> row) {
    return row.subList(0, 3).stream().map(String::valueOf).toList();
  }

  private List<List<@Nullable Object>> query(
      ClientSession client, String sql, List<@Nullable Object> parameters) {
    try (Lease lease = client.lease(Optional.empty())) {
      return statements.run(lease, sql, parameters, CatalogMetadata::rows);
    }
  }

  static List<List<@Nullable Object>> rows(Result result) {
    List<List<@Nullable Object>> all = new ArrayList<>();
    if (result instanceof Result.Rows rows) {
      VectorValues values = new VectorValues(null);
      while (rows.next()) {
        for (int row = 0; row < rows.root().getRowCount(); row++) {
          List<@Nullable Object> cells = new ArrayList<>();
          for (FieldVector vector : rows.root().getFieldVectors()) {
            cells.add(values.read(vector, row));
          }
          all.add(cells);
        }
      }
    }
    return all;
  }

  /** A WHERE clause that is built with its parameters. */
  private static final class Conditions {
    private final List<String> texts = new ArrayList<>();
    private final List<@Nullable Object> values = new ArrayList<>();

    void equal(String column, String value) {
      texts.add(column + " = ?");
      values.add(value);
    }

    void like(String column, String pattern) {
      texts.add(column + " LIKE ? ESCAPE '\\'");
      values.add(pattern);
    }

    String text() {
      return texts.isEmpty() ? "" : " WHERE " + String.join(" AND ", texts);
    }

    List<@Nullable Object> values() {
      return values;
    }
  }
}
