package dev.polder.conformance.spark;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Apache Spark on tables of a running Polder. Arguments: a name for the run, the server's URL, and
 * properties of the catalog as {@code key=value}; the administrator's password comes in {@code
 * POLDER_ADMIN_PASSWORD}.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    if (arguments.length < 2) {
      System.err.println("arguments: NAME URL [KEY=VALUE …]");
      System.exit(2);
    }
    String name = arguments[0];
    URI server = URI.create(arguments[1]);
    Map<String, String> properties = new LinkedHashMap<>();
    for (int i = 2; i < arguments.length; i++) {
      int equals = arguments[i].indexOf('=');
      properties.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
    }
    Polder admin = Polder.administrator(server, System.getenv("POLDER_ADMIN_PASSWORD"));
    Report report = new Report(name);
    try (Engines engines = Engines.prepare(admin, "spark_" + name.replace('-', '_'), properties)) {
      new WriteTests(engines).run(report);
      new ChangeTests(engines).run(report);
      new ReadTests(engines).run(report);
      new AccessTests(engines).run(report);
    }
    System.exit(report.summary() ? 0 : 1);
  }

  /** Spark's session with a catalog for each token. */
  static SparkSession session(
      String uri, String warehouse, Map<String, String> tokens, Map<String, String> properties) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .appName("polder-conformance")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.defaultCatalog", "polder")
            .config(
                "spark.sql.extensions",
                "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions");
    builder.config("spark.sql.catalog.planned.scan-planning-mode", "server");
    tokens.forEach((catalog, token) -> {
      String key = "spark.sql.catalog." + catalog;
      builder
          .config(key, "org.apache.iceberg.spark.SparkCatalog")
          .config(key + ".type", "rest")
          .config(key + ".uri", uri)
          .config(key + ".warehouse", warehouse)
          .config(key + ".token", token)
          .config(key + ".cache-enabled", "false")
          .config(key + ".rest-metrics-reporting-enabled", "false");
      properties.forEach((name, value) -> builder.config(key + "." + name, value));
    });
    return builder.getOrCreate();
  }
}
