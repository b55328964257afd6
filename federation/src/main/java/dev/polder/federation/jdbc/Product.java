package dev.polder.federation.jdbc;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Locale;

/**
 * What a source's driver tells of its system. Immutable.
 *
 * @param quote what stands around names; a blank where they cannot be quoted
 * @param usesCatalogs whether databases take the place of schemas
 * @param escape before wildcards in the names that the driver is asked for
 */
record Product(Kind kind, String quote, boolean usesCatalogs, String escape) {
  enum Kind {
    POSTGRESQL,
    MYSQL,
    H2,
    /** Runs native code in the server, which needs its own connector. */
    SQLITE,
    DUCKDB,
    UNKNOWN;

    /** Whether LIMIT and OFFSET are written as everybody does. */
    boolean isKnown() {
      return this == POSTGRESQL || this == MYSQL || this == H2;
    }
  }

  static Product of(DatabaseMetaData metadata) throws SQLException {
    String name = String.valueOf(metadata.getDatabaseProductName()).toLowerCase(Locale.ROOT);
    Kind kind =
        switch (name) {
          case "postgresql" -> Kind.POSTGRESQL;
          case "mysql", "mariadb" -> Kind.MYSQL;
          case "h2" -> Kind.H2;
          case "sqlite" -> Kind.SQLITE;
          case "duckdb" -> Kind.DUCKDB;
          default -> Kind.UNKNOWN;
        };
    return new Product(
        kind,
        metadata.getIdentifierQuoteString().isBlank() ? "" : metadata.getIdentifierQuoteString(),
        !metadata.supportsSchemasInDataManipulation(),
        String.valueOf(metadata.getSearchStringEscape()));
  }
}
