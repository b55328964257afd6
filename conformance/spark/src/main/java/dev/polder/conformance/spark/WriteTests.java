package dev.polder.conformance.spark;

import java.util.List;

/** Tables that Spark makes and fills. */
record WriteTests(Engines engines) {
  private static final String ROW =
      "concat_ws('|', CAST(id AS VARCHAR(20)), coalesce(item, '-'), CAST(price AS VARCHAR(20)),"
          + " CAST(day AS VARCHAR(20)), coalesce(CAST(place.city AS VARCHAR(20)), '-'),"
          + " coalesce(CAST(tags[%d] AS VARCHAR(20)), '-'))";

  void run(Report report) {
    report.test("namespaces are made, nested, described and dropped", this::namespaces);
    report.test("a table is made and appended to, and SQL reads all its types", this::append);
    report.test("INSERT OVERWRITE replaces the partitions that it writes", this::overwrite);
    report.test("MERGE updates, deletes and inserts", () -> merge("merged", "copy-on-write", 2));
    report.test("CREATE TABLE AS and REPLACE TABLE land whole", this::replace);
    for (int version : List.of(2, 3)) {
      String kind = version == 2 ? "position deletes" : "deletion vectors";
      report.test(
          "DELETE, UPDATE and MERGE by merge-on-read leave " + kind + ", which SQL honours",
          () -> mergeOnRead(version));
    }
    report.test("writers of both kinds take turns on one table", this::turns);
  }

  private void namespaces() {
    engines.spark(
        "CREATE NAMESPACE polder.sales COMMENT 'what is sold'", "CREATE NAMESPACE polder.sales.eu");
    Engines.assertEqual(
        "namespaces", List.of("sales.eu"), engines.column("SHOW NAMESPACES IN polder.sales"));
    Engines.assertEqual(
        "SQL's schemas",
        List.of("sales", "sales.eu"),
        engines
            .sql()
            .column(
                "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'sales%'"
                    + " ORDER BY 1"));
    engines.spark("DROP NAMESPACE polder.sales.eu");
    Engines.assertEqual(
        "namespaces", List.of(), engines.column("SHOW NAMESPACES IN polder.sales"));
  }

  private void append() {
    engines.spark(
        "CREATE TABLE polder.sales.orders (id BIGINT NOT NULL, item STRING, price DECIMAL(9, 2), day"
            + " DATE, moment TIMESTAMP, tags ARRAY<STRING>, place STRUCT<city: STRING, zip: INT>, more"
            + " MAP<STRING, DOUBLE>, raw BINARY, ok BOOLEAN) USING iceberg PARTITIONED BY"
            + " (bucket(4, id), months(day))",
        "INSERT INTO polder.sales.orders SELECT id, IF(id % 7 = 0, NULL, concat('item ', id)),"
            + " CAST(id / 3 AS DECIMAL(9, 2)), date_add(DATE '2024-01-01', CAST(id % 90 AS INT)),"
            + " timestamp_micros(1700000000000000 + id), array('a', concat('t', id % 3)),"
            + " named_struct('city', concat('c', id % 5), 'zip', CAST(id AS INT)), map('x', id / 2.0D),"
            + " CAST(concat('b', id) AS BINARY), id % 2 = 0 FROM range(1000)");
    same("sales.orders", 1000);
    String sums =
        "SELECT concat_ws('|', CAST(count(*) AS VARCHAR(20)), CAST(sum(id) AS VARCHAR(20)),"
            + " CAST(sum(price) AS VARCHAR(20)), CAST(count(item) AS VARCHAR(20)),"
            + " CAST(sum(%s) AS VARCHAR(40)), CAST(sum(place.zip) AS VARCHAR(20)),"
            + " CAST(sum(CASE WHEN ok THEN 1 ELSE 0 END) AS VARCHAR(20))) FROM ";
    Engines.assertEqual(
        "sums",
        engines.sql().column(sums.formatted("epoch_us(moment)") + "sales.orders"),
        engines.column(sums.formatted("unix_micros(moment)") + "polder.sales.orders"));
    engines.spark("INSERT INTO polder.sales.orders SELECT * FROM polder.sales.orders LIMIT 10");
    same("sales.orders", 1010);
  }

  /** Lists begin at 0 in Spark and at 1 in SQL. */
  private void same(String table, int count) {
    Engines.assertEqual(
        "rows of " + table,
        engines.sql().column("SELECT " + ROW.formatted(2) + " AS r FROM " + table).stream()
            .sorted()
            .toList(),
        engines.column("SELECT " + ROW.formatted(1) + " AS r FROM planned." + table).stream()
            .sorted()
            .toList());
    Engines.assertEqual(
        "count of " + table,
        String.valueOf(count),
        engines.sql().column("SELECT count(*) FROM " + table).get(0));
  }

  private static final String PAIR = "concat_ws('|', CAST(id AS VARCHAR(20)), v)";

  private void make(String table, String partitioning, String properties, int rows) {
    engines.spark(
        "CREATE TABLE polder.main."
            + table
            + " (id BIGINT NOT NULL, v STRING) USING iceberg "
            + partitioning
            + " TBLPROPERTIES ("
            + properties
            + ")",
        "INSERT INTO polder.main." + table + " SELECT id, 'old' FROM range(" + rows + ")");
  }

  private void overwrite() {
    make("overwritten", "PARTITIONED BY (truncate(10, id))", "'format-version' = '2'", 100);
    engines.spark().conf().set("spark.sql.sources.partitionOverwriteMode", "dynamic");
    engines.spark(
        "INSERT OVERWRITE polder.main.overwritten SELECT id, 'new' FROM range(20, 25)");
    engines.assertSame("main.overwritten", PAIR, 95);
    engines.spark().conf().set("spark.sql.sources.partitionOverwriteMode", "static");
    engines.spark(
        "INSERT OVERWRITE polder.main.overwritten SELECT id, 'all' FROM range(5)");
    engines.assertSame("main.overwritten", PAIR, 5);
  }

  private void merge(String table, String mode, int version) {
    make(
        table,
        "",
        "'format-version' = '%2$d', 'write.merge.mode' = '%1$s', 'write.delete.mode' = '%1$s',"
                .formatted(mode, version)
            + " 'write.update.mode' = '%s'".formatted(mode),
        100);
    engines.spark(
        "MERGE INTO polder.main."
            + table
            + " t USING (SELECT id FROM range(90, 110)) s ON t.id = s.id WHEN MATCHED AND t.id < 95"
            + " THEN DELETE WHEN MATCHED THEN UPDATE SET v = 'merged' WHEN NOT MATCHED THEN INSERT"
            + " (id, v) VALUES (s.id, 'inserted')");
    engines.assertSame("main." + table, PAIR, 105);
    Engines.assertEqual(
        "merged",
        List.of("5"),
        engines.sql().column("SELECT count(*) FROM main." + table + " WHERE v = 'merged'"));
  }

  private void mergeOnRead(int version) {
    String table = "read_v" + version;
    merge(table, "merge-on-read", version);
    engines.spark(
        "DELETE FROM polder.main." + table + " WHERE id % 10 = 3",
        "UPDATE polder.main." + table + " SET v = 'updated' WHERE id < 20 AND id % 2 = 0");
    engines.assertSame("main." + table, PAIR, 95);
    String format = version == 2 ? "PARQUET" : "PUFFIN";
    List<String> formats =
        engines.column("SELECT DISTINCT file_format FROM polder.main." + table + ".delete_files");
    Engines.assertEqual("formats of deletes", List.of(format), formats);
    engines.sql().run("DELETE FROM main." + table + " WHERE id BETWEEN 40 AND 49");
    engines.spark("DELETE FROM polder.main." + table + " WHERE id = 50");
    engines.assertSame("main." + table, PAIR, 85);
    engines.spark(
        "CALL polder.system.rewrite_data_files(table => 'main."
            + table
            + "', options => map('rewrite-all', 'true'))");
    engines.assertSame("main." + table, PAIR, 85);
  }

  private void replace() {
    engines.spark(
        "CREATE TABLE polder.main.copied USING iceberg AS SELECT id, v FROM polder.main.merged",
        "CREATE OR REPLACE TABLE polder.main.replaced (id INT) USING iceberg",
        "INSERT INTO polder.main.replaced VALUES (1)",
        "CREATE OR REPLACE TABLE polder.main.replaced USING iceberg AS SELECT id, v FROM"
            + " polder.main.merged WHERE id < 50");
    engines.assertSame("main.copied", PAIR, 105);
    engines.assertSame("main.replaced", PAIR, 50);
  }

  private void turns() {
    make("shared", "", "'format-version' = '2'", 10);
    for (int i = 0; i < 3; i++) {
      engines.sql().run("INSERT INTO main.shared VALUES (" + (100 + i) + ", 'sql')");
      engines.spark("INSERT INTO polder.main.shared VALUES (" + (200 + i) + ", 'spark')");
      engines.sql().run("UPDATE main.shared SET v = v || '.' WHERE id = " + (200 + i));
      engines.spark("UPDATE polder.main.shared SET v = concat(v, '!') WHERE id = " + (100 + i));
    }
    engines.assertSame("main.shared", PAIR, 16);
    Engines.assertEqual(
        "changed by the other",
        List.of("3"),
        engines.sql().column("SELECT count(*) FROM main.shared WHERE v IN ('sql!')"));
  }
}
