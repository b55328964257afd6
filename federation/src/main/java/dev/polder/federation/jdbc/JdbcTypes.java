package dev.polder.federation.jdbc;

import java.sql.Types;
import java.util.Locale;

/** Which type of DuckDB's a column of JDBC's types is read as. Stateless. */
final class JdbcTypes {
  private JdbcTypes() {}

  /**
   * The type as which a column is read.
   *
   * @param code of {@link Types}
   * @param name the source's own
   * @param wideDecimal for decimals of more than 38 digits, or of unknown ones
   */
  static String read(int code, String name, int precision, int scale, String wideDecimal) {
    if (name.equalsIgnoreCase("uuid")) {
      return "UUID";
    }
    return switch (code) {
      case Types.BIT, Types.BOOLEAN -> precision > 1 ? "VARCHAR" : "BOOLEAN";
      // Some systems' are without a sign.
      case Types.TINYINT -> "SMALLINT";
      case Types.SMALLINT -> "SMALLINT";
      case Types.INTEGER -> "INTEGER";
      case Types.BIGINT -> "BIGINT";
      case Types.REAL -> "FLOAT";
      case Types.FLOAT, Types.DOUBLE -> "DOUBLE";
      case Types.DECIMAL, Types.NUMERIC ->
          precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision
              ? "DECIMAL(" + precision + "," + scale + ")"
              : wideDecimal;
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> "BLOB";
      case Types.DATE -> "DATE";
      case Types.TIME -> isZoned(name) ? "VARCHAR" : "TIME";
      case Types.TIMESTAMP -> isZoned(name) ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";
      case Types.TIMESTAMP_WITH_TIMEZONE -> "TIMESTAMP WITH TIME ZONE";
      default -> "VARCHAR";
    };
  }

  private static boolean isZoned(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.contains("with time zone") || lower.endsWith("tz");
  }

  /** A type's name without its parameters. */
  static String family(String type) {
    int open = type.indexOf('(');
    return open < 0 ? type : type.substring(0, open);
  }
}
