package dev.polder.sql.catalog;

import static dev.polder.sql.catalog.MetadataRelation.columns;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code information_schema}, with the columns of the SQL standard in DuckDB's and PostgreSQL's
 * order.
 */
final class InformationSchema {
  private InformationSchema() {}

  static List<MetadataRelation> relations() {
    return List.of(
        relation(
            "schemata",
            "catalog_name VARCHAR, schema_name VARCHAR, schema_owner VARCHAR,"
                + " default_character_set_catalog VARCHAR, default_character_set_schema VARCHAR,"
                + " default_character_set_name VARCHAR, sql_path VARCHAR",
            InformationSchema::schemata),
        relation(
            "tables",
            "table_catalog VARCHAR, table_schema VARCHAR, table_name VARCHAR, table_type VARCHAR,"
                + " self_referencing_column_name VARCHAR, reference_generation VARCHAR,"
                + " user_defined_type_catalog VARCHAR, user_defined_type_schema VARCHAR,"
                + " user_defined_type_name VARCHAR, is_insertable_into VARCHAR, is_typed VARCHAR,"
                + " commit_action VARCHAR, table_comment VARCHAR",
            InformationSchema::tables),
        relation(
            "columns",
            "table_catalog VARCHAR, table_schema VARCHAR, table_name VARCHAR, column_name VARCHAR,"
                + " ordinal_position INTEGER, column_default VARCHAR, is_nullable VARCHAR,"
                + " data_type VARCHAR, character_maximum_length INTEGER, character_octet_length"
                + " INTEGER, numeric_precision INTEGER, numeric_precision_radix INTEGER,"
                + " numeric_scale INTEGER, datetime_precision INTEGER, interval_type VARCHAR,"
                + " character_set_name VARCHAR, collation_name VARCHAR, udt_catalog VARCHAR,"
                + " udt_schema VARCHAR, udt_name VARCHAR, is_identity VARCHAR, is_generated"
                + " VARCHAR, generation_expression VARCHAR, is_updatable VARCHAR, column_comment"
                + " VARCHAR",
            InformationSchema::columnsOf),
        relation(
            "views",
            "table_catalog VARCHAR, table_schema VARCHAR, table_name VARCHAR, view_definition"
                + " VARCHAR, check_option VARCHAR, is_updatable VARCHAR, is_insertable_into"
                + " VARCHAR",
            InformationSchema::views),
        relation(
            "table_constraints",
            "constraint_catalog VARCHAR, constraint_schema VARCHAR, constraint_name VARCHAR,"
                + " table_catalog VARCHAR, table_schema VARCHAR, table_name VARCHAR,"
                + " constraint_type VARCHAR, is_deferrable VARCHAR, initially_deferred VARCHAR",
            space -> List.of()),
        relation(
            "key_column_usage",
            "constraint_catalog VARCHAR, constraint_schema VARCHAR, constraint_name VARCHAR,"
                + " table_catalog VARCHAR, table_schema VARCHAR, table_name VARCHAR, column_name"
                + " VARCHAR, ordinal_position INTEGER, position_in_unique_constraint INTEGER",
            space -> List.of()),
        relation(
            "referential_constraints",
            "constraint_catalog VARCHAR, constraint_schema VARCHAR, constraint_name VARCHAR,"
                + " unique_constraint_catalog VARCHAR, unique_constraint_schema VARCHAR,"
                + " unique_constraint_name VARCHAR, match_option VARCHAR, update_rule VARCHAR,"
                + " delete_rule VARCHAR",
            space -> List.of()));
  }

  private static MetadataRelation relation(
      String name, String definition, Function<VisibleSpace, List<List<@Nullable Object>>> rows) {
    return new MetadataRelation(
        MetadataRelation.INFORMATION_SCHEMA, name, columns(definition), rows);
  }

  static List<@Nullable Object> row(@Nullable Object... values) {
    List<@Nullable Object> row = new ArrayList<>(values.length);
    for (@Nullable Object value : values) {
      row.add(value);
    }
    return row;
  }

  private static List<List<@Nullable Object>> schemata(VisibleSpace space) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String schema : space.schemas()) {
      rows.add(row(space.database(), schema, null, null, null, null, null));
    }
    rows.add(
        row(space.database(), MetadataRelation.INFORMATION_SCHEMA, null, null, null, null, null));
    rows.add(row(space.database(), MetadataRelation.PG_CATALOG, null, null, null, null, null));
    return rows;
  }

  private static List<List<@Nullable Object>> tables(VisibleSpace space) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (VisibleCollection table : space.collections()) {
      rows.add(
          row(
              space.database(),
              table.schema(),
              table.name(),
              switch (table.kind()) {
                case TABLE -> "BASE TABLE";
                case VIEW -> "VIEW";
                case FOREIGN -> "FOREIGN";
              },
              null,
              null,
              null,
              null,
              null,
              table.kind() == VisibleCollection.Kind.TABLE ? "YES" : "NO",
              "NO",
              null,
              table.comment().orElse(null)));
    }
    return rows;
  }

  private static List<List<@Nullable Object>> columnsOf(VisibleSpace space) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (VisibleCollection table : space.collections()) {
      int position = 0;
      for (VisibleColumn column : table.columns()) {
        position++;
        NumericType numeric = NumericType.of(column.type());
        rows.add(
            row(
                space.database(),
                table.schema(),
                table.name(),
                column.name(),
                position,
                column.defaultValue().orElse(null),
                column.nullable() ? "YES" : "NO",
                column.type(),
                null,
                null,
                numeric.precision(),
                numeric.radix(),
                numeric.scale(),
                column.type().startsWith("TIMESTAMP") || column.type().equals("TIME") ? 6 : null,
                null,
                null,
                null,
                null,
                null,
                null,
                "NO",
                "NEVER",
                null,
                table.kind() == VisibleCollection.Kind.TABLE ? "YES" : "NO",
                column.comment().orElse(null)));
      }
    }
    return rows;
  }

  private static List<List<@Nullable Object>> views(VisibleSpace space) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (VisibleCollection table : space.collections()) {
      if (table.isView()) {
        rows.add(
            row(
                space.database(),
                table.schema(),
                table.name(),
                table.viewText().orElse(null),
                "NONE",
                "NO",
                "NO"));
      }
    }
    return rows;
  }

  /** Precision, its radix and the scale of a numeric type; nulls for other types. */
  record NumericType(
      @Nullable Integer precision, @Nullable Integer radix, @Nullable Integer scale) {
    static NumericType of(String type) {
      return switch (type) {
        case "TINYINT", "UTINYINT" -> new NumericType(8, 2, 0);
        case "SMALLINT", "USMALLINT" -> new NumericType(16, 2, 0);
        case "INTEGER", "UINTEGER" -> new NumericType(32, 2, 0);
        case "BIGINT", "UBIGINT" -> new NumericType(64, 2, 0);
        case "FLOAT" -> new NumericType(24, 2, 0);
        case "DOUBLE" -> new NumericType(53, 2, 0);
        default -> decimal(type);
      };
    }

    private static NumericType decimal(String type) {
      if (!type.startsWith("DECIMAL(") || !type.endsWith(")")) {
        return new NumericType(null, null, null);
      }
      String[] parts = type.substring(8, type.length() - 1).split(",", 2);
      return new NumericType(
          Integer.valueOf(parts[0].strip()), 10, Integer.valueOf(parts[1].strip()));
    }
  }
}
