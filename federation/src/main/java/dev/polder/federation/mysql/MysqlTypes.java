package dev.polder.federation.mysql;

import java.util.Locale;
import java.util.Set;

/** Which type of DuckDB's a column is read as, and what its native type says. Stateless. */
final class MysqlTypes {
  /** Those that compare text by its code points and do not ignore blanks at its end. */
  private static final Set<String> EXACT =
      Set.of("utf8mb4_0900_bin", "utf8mb4_nopad_bin", "utf8mb3_nopad_bin", "utf8_nopad_bin");

  private static final String COLLATE = " COLLATE ";

  private MysqlTypes() {}

  /**
   * The type as which a column is read.
   *
   * @param data such as {@code bigint}
   * @param column such as {@code bigint(20) unsigned}
   */
  static String read(
      String data, String column, int precision, int scale, MysqlSettings.Reading reading) {
    String unsigned = column.toLowerCase(Locale.ROOT).contains("unsigned") ? "U" : "";
    return switch (data.toLowerCase(Locale.ROOT)) {
      case "tinyint" -> unsigned + "TINYINT";
      case "smallint" -> unsigned + "SMALLINT";
      case "mediumint", "int" -> unsigned + "INTEGER";
      case "bigint" -> unsigned + "BIGINT";
      case "decimal" ->
          precision <= 38 ? "DECIMAL(" + precision + "," + scale + ")" : reading.wideDecimal();
      case "float" -> "FLOAT";
      case "double" -> "DOUBLE";
      case "bit" -> precision == 1 ? "BOOLEAN" : "UBIGINT";
      case "year" -> "INTEGER";
      case "date" -> "DATE";
      case "datetime" -> "TIMESTAMP";
      case "timestamp" -> "TIMESTAMP WITH TIME ZONE";
      case "time" -> reading.timesAsText() ? "VARCHAR" : "TIME";
      case "json" -> "JSON";
      case "uuid" -> "UUID";
      case "binary",
          "varbinary",
          "tinyblob",
          "blob",
          "mediumblob",
          "longblob",
          "vector",
          "geometry",
          "point",
          "linestring",
          "polygon",
          "multipoint",
          "multilinestring",
          "multipolygon",
          "geometrycollection",
          "geomcollection" ->
          "BLOB";
      default -> "VARCHAR";
    };
  }

  /** A native type that tells the collation. */
  static String nativeType(String column, String collation) {
    return collation.isEmpty() ? column : column + COLLATE + collation;
  }

  static boolean isExactText(String nativeType) {
    int at = nativeType.indexOf(COLLATE);
    return at >= 0
        && !isEnumerated(nativeType)
        && EXACT.contains(nativeType.substring(at + COLLATE.length()));
  }

  /** Whether text of the column is compared as text, by whatever collation. */
  static boolean isText(String nativeType) {
    return nativeType.contains(COLLATE);
  }

  /** ENUM and SET are ordered by the places of their values. */
  static boolean isEnumerated(String nativeType) {
    return nativeType.startsWith("enum(") || nativeType.startsWith("set(");
  }

  static boolean is(String nativeType, String data) {
    return nativeType.equals(data)
        || nativeType.startsWith(data + "(")
        || nativeType.startsWith(data + " ");
  }
}
