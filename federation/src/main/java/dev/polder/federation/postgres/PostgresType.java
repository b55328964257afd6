package dev.polder.federation.postgres;

import java.util.Optional;

/**
 * Which of DuckDB's types a type of PostgreSQL is read as. What has none there is read as its text.
 * Immutable.
 *
 * @param oid of the type below any domains
 * @param modifier its typmod
 * @param element of an array the oid of its elements
 */
record PostgresType(int oid, int modifier, Optional<Integer> element) {
  private static final String COLLATE = " COLLATE \"";

  /** DuckDB's type; lists for arrays of any number of dimensions. */
  String duckType(NumericMode numeric) {
    return element
        .map(type -> scalar(type, modifier, numeric) + "[]")
        .orElseGet(() -> scalar(oid, modifier, numeric));
  }

  private static String scalar(int oid, int modifier, NumericMode numeric) {
    return switch (oid) {
      case 16 -> "BOOLEAN";
      case 17 -> "BLOB";
      case 20 -> "BIGINT";
      case 21 -> "SMALLINT";
      case 23 -> "INTEGER";
      case 114, 3802 -> "JSON";
      case 700 -> "FLOAT";
      case 701 -> "DOUBLE";
      case 1082 -> "DATE";
      case 1083 -> "TIME";
      case 1114 -> "TIMESTAMP";
      case 1184 -> "TIMESTAMP WITH TIME ZONE";
      case 1186 -> "INTERVAL";
      case 1266 -> "TIME WITH TIME ZONE";
      case 1700 -> decimal(modifier).map(Decimal::toString).orElseGet(numeric::duckType);
      case 2950 -> "UUID";
      default -> "VARCHAR";
    };
  }

  private static Optional<Decimal> decimal(int modifier) {
    if (modifier < 4) {
      return Optional.empty();
    }
    int precision = ((modifier - 4) >> 16) & 0xffff;
    // Eleven bits with a sign.
    int scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
    return precision <= Decimal.MAX_PRECISION && scale >= 0 && scale <= precision
        ? Optional.of(new Decimal(precision, scale))
        : Optional.empty();
  }

  /** The name of a column's type with a collation that is not the database's. */
  static String collated(String type, String collation) {
    return type + COLLATE + collation.replace("\"", "\"\"") + '"';
  }

  static boolean collated(String nativeType) {
    return nativeType.contains(COLLATE);
  }

  static String uncollated(String nativeType) {
    int at = nativeType.lastIndexOf(COLLATE);
    return at < 0 ? nativeType : nativeType.substring(0, at);
  }

  /** The name that the server shows for the short one of a type that sources are asked in. */
  static String standard(String type) {
    if (type.endsWith("[]")) {
      return standard(type.substring(0, type.length() - 2)) + "[]";
    }
    return switch (type) {
      case "bool" -> "boolean";
      case "int2" -> "smallint";
      case "int4" -> "integer";
      case "int8" -> "bigint";
      case "float4" -> "real";
      case "float8" -> "double precision";
      case "time" -> "time without time zone";
      case "timestamp" -> "timestamp without time zone";
      case "timestamptz" -> "timestamp with time zone";
      default -> type.startsWith("numeric") ? "numeric" : type;
    };
  }
}
