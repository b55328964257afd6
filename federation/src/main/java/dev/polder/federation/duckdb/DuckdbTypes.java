package dev.polder.federation.duckdb;

import dev.polder.federation.arrow.ArrowTypes;
import java.util.Locale;

/**
 * How columns of a DuckDB are told of and travel. Most are what they are; ENUM becomes VARCHAR,
 * VARIANT becomes JSON, and what has a UNION or a VARIANT within becomes its text. Stateless.
 */
public final class DuckdbTypes {
  private DuckdbTypes() {}

  /** The type as which a column of this native type is read. */
  public static String read(String nativeType) {
    String upper = nativeType.toUpperCase(Locale.ROOT);
    if (upper.equals("VARIANT")) {
      return "JSON";
    }
    boolean isText =
        isEnum(upper)
            || upper.equals("\"NULL\"")
            || upper.equals("NULL")
            || upper.contains("UNION(")
            || upper.contains("VARIANT")
            || upper.contains("GEOMETRY");
    return isText ? "VARCHAR" : nativeType;
  }

  private static boolean isEnum(String type) {
    return type.startsWith("ENUM(") && type.endsWith(")");
  }

  /** The type in which DuckDB must give values, so that they come as {@link ArrowTypes} says. */
  public static String wire(String type) {
    if (type.endsWith("[]")) {
      return wire(type.substring(0, type.length() - 2)) + "[]";
    }
    return ArrowTypes.isText(type) ? "VARCHAR" : type;
  }
}
