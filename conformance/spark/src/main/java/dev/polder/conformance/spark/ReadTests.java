package dev.polder.conformance.spark;

import java.util.List;

/** Tables that SQL made, and what they were before. */
record ReadTests(Engines engines) {
  private static final String ROW =
      "concat_ws('|', CAST(id AS VARCHAR(20)), coalesce(name, '-'), CAST(amount AS VARCHAR(20)),"
          + " CAST(day AS VARCHAR(20)))";

  void run(Report report) {
    report.test("a table made and changed by SQL is read", () -> made("made", ""));
    report.test(
        "the same with position deletes by SQL",
        () -> made("made_mor", mergeOnRead(2)));
    report.test(
        "the same with deletion vectors by SQL", () -> made("made_dv", mergeOnRead(3)));
    report.test("earlier snapshots are read by id, by time and by tag", this::timeTravel);
    report.test("a clone is a table of its own", this::clones);
    report.test("filters and joins over what the server plans", this::planned);
  }

  private static String mergeOnRead(int version) {
    return " WITH ('format-version' = '"
        + version
        + "', 'write.delete.mode' = 'merge-on-read', 'write.update.mode' = 'merge-on-read')";
  }

  private void made(String table, String options) {
    engines
        .sql()
        .run(
            "CREATE TABLE main."
                + table
                + " (id BIGINT NOT NULL, name VARCHAR, amount DECIMAL(12, 3), day DATE) PARTITIONED BY"
                + " (bucket(4, id), month(day))"
                + options,
            "INSERT INTO main."
                + table
                + " SELECT i, CASE WHEN i % 9 = 0 THEN NULL ELSE 'n' || i END, i / 8, DATE '2024-01-01'"
                + " + (i % 90)::INTEGER FROM range(500) t(i)",
            "DELETE FROM main." + table + " WHERE id % 10 = 3",
            "UPDATE main." + table + " SET name = 'changed' WHERE id < 20",
            "ALTER TABLE main." + table + " ADD COLUMN late INTEGER",
            "INSERT INTO main." + table + " VALUES (1000, 'late', 1.5, DATE '2025-01-01', 1)");
    engines.assertSame("main." + table, ROW, 451);
  }

  private void timeTravel() {
    engines.spark(
        "CREATE TABLE polder.main.past (id INT) USING iceberg",
        "INSERT INTO polder.main.past VALUES (1)");
    String first =
        engines.value(
            "SELECT snapshot_id FROM polder.main.past.snapshots ORDER BY committed_at LIMIT 1");
    String then =
        engines.value(
            "SELECT unix_micros(committed_at) FROM polder.main.past.snapshots ORDER BY committed_at"
                + " LIMIT 1");
    engines.spark("ALTER TABLE polder.main.past CREATE TAG first");
    engines.sql().run("INSERT INTO main.past VALUES (2)");
    engines.spark("DELETE FROM polder.main.past WHERE id = 1");
    for (String catalog : List.of("polder", "planned")) {
      String from = "SELECT sum(id) FROM " + catalog + ".main.past ";
      Engines.assertEqual("now", "2", engines.value(from));
      Engines.assertEqual("by id", "1", engines.value(from + "VERSION AS OF " + first));
      Engines.assertEqual("by tag", "1", engines.value(from + "VERSION AS OF 'first'"));
      Engines.assertEqual(
          "by time",
          "1",
          engines.value(from + "TIMESTAMP AS OF timestamp_micros(" + then + ")"));
    }
    Engines.assertEqual(
        "history", "3", engines.value("SELECT count(*) FROM polder.main.past.history"));
  }

  private void clones() {
    String clone = engines.sql().database() + "_clone";
    engines.sql().run("CLONE DATABASE " + clone + " FROM " + engines.sql().database());
    engines.spark("INSERT INTO polder.main.past VALUES (50)");
    Engines.assertEqual(
        "the clone", List.of("2"), engines.sql().in(clone).column("SELECT sum(id) FROM main.past"));
    Engines.assertEqual(
        "its source", "52", engines.value("SELECT sum(id) FROM polder.main.past"));
  }

  private void planned() {
    String query =
        "SELECT concat_ws('|', CAST(count(*) AS VARCHAR(20)), CAST(sum(a.amount) AS VARCHAR(30)))"
            + " FROM %1$smain.made a JOIN %1$smain.made_dv b ON a.id = b.id WHERE a.day >= DATE"
            + " '2024-02-01' AND b.id IN (5, 77, 154, 1000) OR a.name = 'changed'";
    List<String> here = engines.sql().column(query.formatted(""));
    Engines.assertEqual("by Spark", here, engines.column(query.formatted("polder.")));
    Engines.assertEqual("by the server", here, engines.column(query.formatted("planned.")));
    String plan =
        engines.value(
            "EXPLAIN SELECT * FROM planned.main.made WHERE day >= DATE '2024-02-01'");
    if (!plan.contains("planned.main.made")) {
      throw new AssertionError(plan);
    }
  }
}
