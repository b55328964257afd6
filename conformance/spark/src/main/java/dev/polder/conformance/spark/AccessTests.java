package dev.polder.conformance.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.Spark3Util;

/** What grants, row filters and masks are to Spark. */
record AccessTests(Engines engines) {
  void run(Report report) {
    report.test("a table without a grant is not there", this::hidden);
    report.test("who may read may not write", this::readOnly);
    report.test("a revoke holds for the next query", this::revoked);
    report.test("a table under a row filter or mask is refused with the reason", this::masked);
    if (engines.delegated()) {
      report.test("what opens one table's files opens no other's", this::outside);
    }
  }

  private void grant(String what, String table) {
    engines.sql().run("GRANT " + what + " ON TABLE main." + table + " TO USER " + engines.clerk());
  }

  private void hidden() {
    engines.sql().run("CREATE TABLE main.secret (id BIGINT)", "INSERT INTO main.secret VALUES (1)");
    engines.assertRefused("SELECT * FROM nobody.main.secret", "TABLE_OR_VIEW_NOT_FOUND");
    engines.assertRefused("INSERT INTO nobody.main.secret VALUES (2)", "TABLE_OR_VIEW_NOT_FOUND");
    Engines.assertEqual(
        "tables",
        List.of(),
        engines.column("SHOW TABLES IN nobody.main LIKE 'secret'"));
  }

  private void readOnly() {
    grant("SELECT", "secret");
    Engines.assertEqual("rows", "1", engines.value("SELECT count(*) FROM clerk.main.secret"));
    // Keys that only read are refused by the store, before anything is committed.
    for (String statement :
        List.of(
            "INSERT INTO clerk.main.secret VALUES (2)",
            "DELETE FROM clerk.main.secret WHERE id = 1")) {
      engines.assertRefused(statement, engines.vended() ? "403" : statement.substring(0, 6));
    }
    engines.assertRefused("ALTER TABLE clerk.main.secret ADD COLUMN x INT", "ALTER");
    engines.assertRefused("CREATE TABLE clerk.main.own (id INT) USING iceberg", "CREATE");
    Engines.assertEqual(
        "rows", List.of("1"), engines.sql().column("SELECT count(*) FROM main.secret"));
  }

  private void revoked() {
    engines.sql().run("REVOKE SELECT ON TABLE main.secret FROM USER " + engines.clerk());
    engines.assertRefused("SELECT * FROM clerk.main.secret", "TABLE_OR_VIEW_NOT_FOUND");
  }

  private void masked() {
    for (String table : List.of("filtered", "masked")) {
      engines
          .sql()
          .run(
              "CREATE TABLE main." + table + " (id BIGINT, v VARCHAR)",
              "INSERT INTO main." + table + " VALUES (1, 'x')");
      grant("SELECT", table);
    }
    engines
        .sql()
        .run(
            "CREATE ROW FILTER few ON main.filtered USING (id > 1)",
            "CREATE COLUMN MASK hidden ON main.masked (v) USING ('***')");
    for (String table : List.of("filtered", "masked")) {
      engines.assertRefused("SELECT * FROM clerk.main." + table, "row filter or mask");
    }
  }

  private void outside() {
    for (String table : List.of("opened", "closed")) {
      engines
          .sql()
          .run(
              "CREATE TABLE main." + table + " (id BIGINT)",
              "INSERT INTO main." + table + " VALUES (1)");
    }
    grant("SELECT", "opened");
    grant("INSERT", "opened");
    String closed = engines.value("SELECT file_path FROM polder.main.closed.files");
    Table opened = load("clerk.main.opened");
    String own = engines.value("SELECT file_path FROM clerk.main.opened.files");
    read(opened, own);
    refused("reading " + closed, () -> read(opened, closed));
    refused("writing beside " + closed, () -> write(opened, closed + "x"));
    refused("replacing " + closed, () -> write(opened, closed));
    write(opened, own + "x");
    read(load("polder.main.closed"), closed);
  }

  private Table load(String name) {
    try {
      return Spark3Util.loadIcebergTable(engines.spark(), name);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void read(Table table, String file) {
    try (InputStream in = table.io().newInputFile(file).newStream()) {
      Engines.assertEqual("the first byte of " + file, true, in.read() >= 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Table table, String file) {
    try (OutputStream out = table.io().newOutputFile(file).createOrOverwrite()) {
      out.write(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void refused(String what, Runnable request) {
    try {
      request.run();
    } catch (RuntimeException e) {
      return;
    }
    throw new AssertionError("not refused: " + what);
  }
}
