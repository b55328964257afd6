package dev.polder.metastore.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database to the current tables: the same scripts for SQLite and PostgreSQL. */
public enum Migrations {
  SQLITE("TEXT", "INTEGER", "STRICT, WITHOUT ROWID"),
  /** Texts compare by code point, as SQLite's do, so that pages have the same order everywhere. */
  POSTGRES("TEXT COLLATE \"C\"", "BIGINT", "");

  private static final String LOCATION = "classpath:dev/polder/metastore/migration";

  private final String text;
  private final String integer;
  private final String options;

  Migrations(String text, String integer, String options) {
    this.text = text;
    this.integer = integer;
    this.options = options;
  }

  public void run(DataSource database, Runner runner) {
    try {
      Flyway.configure(Migrations.class.getClassLoader())
          .dataSource(database)
          .locations(LOCATION)
          .table("migration")
          .placeholders(
              Map.of(
                  "text", text,
                  "long", integer,
                  "options", options,
                  "now", Long.toString(runner.now())))
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new PolderException(
          ErrorCode.METASTORE_UNAVAILABLE,
          "the metastore cannot be opened or brought to this version's tables",
          e);
    }
  }
}
