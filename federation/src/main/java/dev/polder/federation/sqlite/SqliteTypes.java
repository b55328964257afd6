package dev.polder.federation.sqlite;

import dev.polder.sql.remote.RemoteColumn;
import java.util.Locale;

/**
 * Which type a column is read as. SQLite's columns take values of any type whatever they declare:
 * only those of strict tables and rowids are sure to hold what they say. Stateless.
 */
final class SqliteTypes {
  static final String STRICT = " STRICT";
  static final String ROWID = "INTEGER PRIMARY KEY";

  private SqliteTypes() {}

  /** The type for a declared one, which may be empty; like SQLite's own rules, by parts of it. */
  static String read(String declared) {
    String type = declared.toUpperCase(Locale.ROOT);
    if (type.contains("INT")) {
      return "BIGINT";
    }
    if (isText(type)) {
      return "VARCHAR";
    }
    if (type.contains("BLOB")) {
      return "BLOB";
    }
    if (type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB")) {
      return "DOUBLE";
    }
    if (type.startsWith("BOOL")) {
      return "BOOLEAN";
    }
    if (type.startsWith("DATETIME") || type.startsWith("TIMESTAMP")) {
      return "TIMESTAMP";
    }
    if (type.startsWith("DATE")) {
      return "DATE";
    }
    if (type.startsWith("TIME")) {
      return "TIME";
    }
    if (type.startsWith("JSON")) {
      return "JSON";
    }
    return type.contains("NUM") || type.contains("DEC") ? "DOUBLE" : "VARCHAR";
  }

  private static boolean isText(String type) {
    return type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT");
  }

  /** Whether no value of the column can be of another type. */
  static boolean isEnforced(RemoteColumn column) {
    return column.nativeType().equals(ROWID)
        || (column.nativeType().endsWith(STRICT) && !column.nativeType().startsWith("ANY"));
  }

  /** Whether numbers that are stored become text, so that text is compared as text. */
  static boolean isStoredAsText(RemoteColumn column) {
    String type = column.nativeType().toUpperCase(Locale.ROOT);
    return column.type().equals("VARCHAR") && !type.contains("INT") && isText(type);
  }
}
