package dev.polder.conformance.spark;

import java.util.List;

/** Tables and views whose shape Spark changes. */
record ChangeTests(Engines engines) {
  void run(Report report) {
    report.test("columns are added, renamed, widened, moved and dropped", this::columns);
    report.test("fields of structs are added and renamed", this::fields);
    report.test("partitioning changes, and old files keep theirs", this::partitioning);
    report.test("properties are set and a write order is taken", this::properties);
    report.test("tables are renamed and dropped", this::names);
    report.test("views are made, replaced, listed and dropped", this::views);
  }

  private void columns() {
    engines.spark(
        "CREATE TABLE polder.main.evolved (id INT, v STRING, gone STRING) USING iceberg",
        "INSERT INTO polder.main.evolved VALUES (1, 'a', 'x')",
        "ALTER TABLE polder.main.evolved ADD COLUMN added DOUBLE",
        "ALTER TABLE polder.main.evolved RENAME COLUMN v TO name",
        "ALTER TABLE polder.main.evolved ALTER COLUMN id TYPE BIGINT",
        "ALTER TABLE polder.main.evolved ALTER COLUMN added FIRST",
        "ALTER TABLE polder.main.evolved DROP COLUMN gone",
        "INSERT INTO polder.main.evolved (id, name, added) VALUES (5000000000, 'b', 1.5)");
    engines.assertSame(
        "main.evolved",
        "concat_ws('|', CAST(id AS VARCHAR(20)), name, coalesce(CAST(added AS VARCHAR(20)), '-'))",
        2);
    Engines.assertEqual(
        "columns",
        List.of("added", "id", "name"),
        engines
            .sql()
            .column(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'evolved' ORDER"
                    + " BY ordinal_position"));
    engines.sql().run("ALTER TABLE main.evolved ADD COLUMN by_sql INTEGER");
    engines.spark("INSERT INTO polder.main.evolved VALUES (2.5, 3, 'c', 7)");
    Engines.assertEqual(
        "by_sql", "7", engines.value("SELECT max(by_sql) FROM polder.main.evolved"));
  }

  private void fields() {
    engines.spark(
        "CREATE TABLE polder.main.nested (id INT, p STRUCT<x: INT, y: INT>) USING iceberg",
        "INSERT INTO polder.main.nested VALUES (1, named_struct('x', 1, 'y', 2))",
        "ALTER TABLE polder.main.nested ADD COLUMN p.z INT",
        "ALTER TABLE polder.main.nested RENAME COLUMN p.x TO first",
        "INSERT INTO polder.main.nested VALUES (2, named_struct('first', 3, 'y', 4, 'z', 5))");
    engines.assertSame(
        "main.nested",
        "concat_ws('|', CAST(id AS VARCHAR(20)), CAST(p.first AS VARCHAR(20)),"
            + " coalesce(CAST(p.z AS VARCHAR(20)), '-'))",
        2);
  }

  private void partitioning() {
    engines.spark(
        "CREATE TABLE polder.main.parted (id BIGINT, day DATE) USING iceberg PARTITIONED BY"
            + " (months(day))",
        "INSERT INTO polder.main.parted SELECT id, date_add(DATE '2024-01-01', CAST(id AS INT)) FROM"
            + " range(60)",
        "ALTER TABLE polder.main.parted ADD PARTITION FIELD bucket(2, id)",
        "INSERT INTO polder.main.parted SELECT id, date_add(DATE '2024-01-01', CAST(id AS INT)) FROM"
            + " range(60, 90)",
        "ALTER TABLE polder.main.parted DROP PARTITION FIELD months(day)",
        "INSERT INTO polder.main.parted VALUES (90, DATE '2025-01-01')");
    String row = "concat_ws('|', CAST(id AS VARCHAR(20)), CAST(day AS VARCHAR(20)))";
    engines.assertSame("main.parted", row, 91);
    engines.sql().run("INSERT INTO main.parted VALUES (91, DATE '2025-01-02')");
    engines.spark("DELETE FROM polder.main.parted WHERE day < DATE '2024-02-01'");
    engines.assertSame("main.parted", row, 61);
    Engines.assertEqual(
        "pruned alike",
        engines.sql().column("SELECT count(*) FROM main.parted WHERE day >= DATE '2024-03-15'"),
        engines.column("SELECT count(*) FROM planned.main.parted WHERE day >= DATE '2024-03-15'"));
  }

  private void properties() {
    engines.spark(
        "ALTER TABLE polder.main.parted SET TBLPROPERTIES ('note' = 'by spark')",
        "ALTER TABLE polder.main.parted WRITE ORDERED BY id",
        "INSERT INTO polder.main.parted SELECT id, DATE '2026-01-01' FROM range(200, 220)");
    Engines.assertEqual(
        "note",
        "by spark",
        engines
            .spark()
            .sql("SHOW TBLPROPERTIES polder.main.parted ('note')")
            .collectAsList()
            .get(0)
            .getString(1));
    Engines.assertEqual(
        "rows", List.of("81"), engines.sql().column("SELECT count(*) FROM main.parted"));
    engines.assertRefused(
        "ALTER TABLE polder.main.parted SET TBLPROPERTIES ('gc.enabled' = 'true')", "gc.enabled");
  }

  private void names() {
    engines.spark(
        "CREATE TABLE polder.main.named (id INT) USING iceberg",
        "ALTER TABLE polder.main.named RENAME TO main.renamed");
    Engines.assertEqual(
        "rows", List.of("0"), engines.sql().column("SELECT count(*) FROM main.renamed"));
    engines.spark("DROP TABLE polder.main.renamed");
    Engines.assertEqual(
        "tables",
        List.of(),
        engines.column("SHOW TABLES IN polder.main LIKE 'renamed'"));
  }

  private void views() {
    engines.spark(
        "CREATE VIEW polder.main.few AS SELECT id FROM polder.main.parted WHERE id < 40",
        "CREATE OR REPLACE VIEW polder.main.few (n) AS SELECT id FROM polder.main.parted WHERE id <"
            + " 35");
    Engines.assertEqual("rows", "4", engines.value("SELECT count(n) FROM polder.main.few"));
    if (engines.spark().sql("SHOW VIEWS IN polder.main").filter("viewName = 'few'").count() != 1) {
      throw new AssertionError("the view is not listed");
    }
    engines.spark("DROP VIEW polder.main.few");
    engines.assertRefused("SELECT * FROM polder.main.few", "TABLE_OR_VIEW_NOT_FOUND");
  }
}
