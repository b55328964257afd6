package dev.polder.conformance.spark;

import java.util.List;

/** What grants, row filters and masks are to Spark. */
record AccessTests(Engines engines) {
  void run(Report report) {
    report.test("a table without a grant is not there", this::hidden);
    report.test("who may read may not write", this::readOnly);
    report.test("a revoke holds for the next query", this::revoked);
    report.test("a table under a row filter or mask is refused with the reason", this::masked);
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
    engines.assertRefused("INSERT INTO clerk.main.secret VALUES (2)", "INSERT");
    engines.assertRefused("DELETE FROM clerk.main.secret WHERE id = 1", "DELETE");
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
}
