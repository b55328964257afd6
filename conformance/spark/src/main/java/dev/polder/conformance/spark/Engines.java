package dev.polder.conformance.spark;

import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Spark and SQL on one database. Spark knows it four times: {@code polder} as the administrator,
 * {@code planned} the same with scans that the server plans, {@code clerk} as one who may read some
 * tables, {@code nobody} as one without a grant on them.
 *
 * @param delegation how the server lets Spark at files; empty: Spark reaches them by itself
 */
record Engines(SparkSession spark, Polder sql, String delegation) implements AutoCloseable {
  private static final String PASSWORD = "conformance-user";

  static Engines prepare(Polder admin, String database, Map<String, String> properties) {
    admin.run("CREATE DATABASE " + database);
    Polder sql = admin.in(database);
    sql.run("CREATE TABLE seen_by_all (id BIGINT)");
    for (String user : List.of("clerk", "nobody")) {
      sql.run(
          "CREATE USER " + user + "_" + database + " PASSWORD '" + PASSWORD + "' TENANT default",
          "GRANT SELECT ON TABLE seen_by_all TO USER " + user + "_" + database);
    }
    String token = sql.token("spark");
    return new Engines(
        Main.session(
            admin.server() + "/api/catalog",
            database,
            Map.of(
                "polder",
                token,
                "planned",
                token,
                "clerk",
                sql.as("clerk_" + database, PASSWORD).token("spark"),
                "nobody",
                sql.as("nobody_" + database, PASSWORD).token("spark")),
            properties),
        sql,
        properties.getOrDefault("header.X-Iceberg-Access-Delegation", ""));
  }

  /** The user whom the catalog {@code clerk} logs in as. */
  String clerk() {
    return "clerk_" + sql.database();
  }

  boolean delegated() {
    return !delegation.isEmpty();
  }

  boolean vended() {
    return delegation.equals("vended-credentials");
  }

  void spark(String... statements) {
    for (String statement : statements) {
      spark.sql(statement);
    }
  }

  /** The first column of a query, as text. */
  List<String> column(String query) {
    return spark.sql(query).collectAsList().stream()
        .map((Row row) -> String.valueOf(row.get(0)))
        .toList();
  }

  String value(String query) {
    return column(query).get(0);
  }

  /**
   * Both see the same rows, and so many of them. Spark plans by itself once, and once the server
   * does.
   *
   * @param row one text of all columns, in words that both understand
   */
  void assertSame(String table, String row, int count) {
    List<String> here = sql.column("SELECT " + row + " AS r FROM " + table + " ORDER BY r");
    for (String catalog : List.of("polder", "planned")) {
      List<String> there =
          spark
              .sql("SELECT " + row + " AS r FROM " + catalog + "." + table)
              .collectAsList()
              .stream()
              .map(it -> it.getString(0))
              .sorted()
              .toList();
      assertEqual(catalog + "." + table, here.stream().sorted().toList(), there);
    }
    assertEqual("rows of " + table, count, here.size());
  }

  static void assertEqual(String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new AssertionError(what + ": expected " + expected + ", got " + actual);
    }
  }

  /** Fails unless the statement is refused with all these words. */
  void assertRefused(String statement, String... words) {
    String told;
    try {
      spark.sql(statement).collectAsList();
      throw new AssertionError("not refused: " + statement);
    } catch (Exception e) {
      StringBuilder all = new StringBuilder();
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        all.append(cause).append('\n');
      }
      told = all.toString();
    }
    for (String word : words) {
      if (!told.contains(word)) {
        throw new AssertionError(statement + ": expected '" + word + "' in " + told);
      }
    }
  }

  @Override
  public void close() {
    spark.stop();
  }
}
