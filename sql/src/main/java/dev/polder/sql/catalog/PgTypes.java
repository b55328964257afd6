package dev.polder.sql.catalog;

import java.util.List;

/**
 * PostgreSQL's object identifiers for the types that columns have, from its catalog {@code
 * pg_type.dat}.
 */
final class PgTypes {
  /** One row of {@code pg_type}: name, identifier, length in bytes (−1: variable), category. */
  record PgType(String name, int oid, int length, String category, int array) {}

  static final List<PgType> ALL =
      List.of(
          new PgType("bool", 16, 1, "B", 1000),
          new PgType("bytea", 17, -1, "U", 1001),
          new PgType("name", 19, 64, "S", 1003),
          new PgType("int8", 20, 8, "N", 1016),
          new PgType("int2", 21, 2, "N", 1005),
          new PgType("int4", 23, 4, "N", 1007),
          new PgType("text", 25, -1, "S", 1009),
          new PgType("oid", 26, 4, "N", 1028),
          new PgType("json", 114, -1, "U", 199),
          new PgType("float4", 700, 4, "N", 1021),
          new PgType("float8", 701, 8, "N", 1022),
          new PgType("varchar", 1043, -1, "S", 1015),
          new PgType("date", 1082, 4, "D", 1182),
          new PgType("time", 1083, 8, "D", 1183),
          new PgType("timestamp", 1114, 8, "D", 1115),
          new PgType("timestamptz", 1184, 8, "D", 1185),
          new PgType("interval", 1186, 16, "T", 1187),
          new PgType("numeric", 1700, -1, "N", 1231),
          new PgType("record", 2249, -1, "P", 2287),
          new PgType("uuid", 2950, 16, "U", 2951));

  private PgTypes() {}

  /** The type under which a DuckDB type is shown: nested types other than arrays as JSON. */
  static int oid(String duckType) {
    if (duckType.endsWith("[]")) {
      String element = duckType.substring(0, duckType.length() - 2);
      return element.endsWith("[]") ? 114 : type(element).array();
    }
    return type(duckType).oid();
  }

  private static PgType type(String duckType) {
    int bracket = duckType.indexOf('(');
    String base = bracket < 0 ? duckType : duckType.substring(0, bracket);
    String name =
        switch (base) {
          case "BOOLEAN" -> "bool";
          case "TINYINT", "SMALLINT", "UTINYINT" -> "int2";
          case "INTEGER", "USMALLINT" -> "int4";
          case "BIGINT", "UINTEGER" -> "int8";
          case "UBIGINT", "HUGEINT", "UHUGEINT", "DECIMAL" -> "numeric";
          case "FLOAT" -> "float4";
          case "DOUBLE" -> "float8";
          case "BLOB" -> "bytea";
          case "UUID" -> "uuid";
          case "DATE" -> "date";
          case "TIME" -> "time";
          case "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S" -> "timestamp";
          case "TIMESTAMP WITH TIME ZONE" -> "timestamptz";
          case "INTERVAL" -> "interval";
          case "STRUCT", "MAP", "UNION", "JSON" -> "json";
          default -> "varchar";
        };
    return ALL.stream().filter(type -> type.name().equals(name)).findFirst().orElseThrow();
  }

  static int length(int oid) {
    return ALL.stream()
        .filter(type -> type.oid() == oid)
        .mapToInt(PgType::length)
        .findFirst()
        .orElse(-1);
  }
}
