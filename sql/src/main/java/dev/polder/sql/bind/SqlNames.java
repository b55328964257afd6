package dev.polder.sql.bind;

/** Quoting, and the names that private catalogs use for what the user's text does not name. */
final class SqlNames {
  /** Holds a control character, as no name of a user's can: nobody can reach or shadow it. */
  static final String HIDDEN_SCHEMA = "polder\u0001hidden";

  private SqlNames() {}

  static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  static String hidden(String name) {
    return quote(HIDDEN_SCHEMA) + "." + quote(name);
  }
}
