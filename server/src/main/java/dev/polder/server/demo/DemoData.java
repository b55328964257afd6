package dev.polder.server.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The sample that comes with the product: which files fill which table. Row counts are stated here,
 * so that a second run can tell that nothing is left to load.
 */
final class DemoData {
  static final Table AIRPORTS =
      new Table(
          "airports",
          "iata VARCHAR, name VARCHAR, city VARCHAR, state VARCHAR, country VARCHAR,"
              + " latitude DOUBLE, longitude DOUBLE",
          List.of(new Part("airports.parquet", 3_376)));

  static final Table FLIGHTS =
      new Table(
          "flights",
          "date TIMESTAMP, delay BIGINT, distance BIGINT, origin VARCHAR, destination VARCHAR",
          List.of(
              new Part("flights-2001-01.parquet", 115_245),
              new Part("flights-2001-02.parquet", 114_020),
              new Part("flights-2001-03.parquet", 116_620),
              new Part("flights-2001-04.parquet", 114_894),
              new Part("flights-2001-05.parquet", 118_078),
              new Part("flights-2001-06.parquet", 116_574)));

  private DemoData() {}

  /** One table of the demonstration. */
  record Table(String name, String columns, List<Part> parts) {
    long rows() {
      return parts.stream().mapToLong(Part::rows).sum();
    }
  }

  /** One file of a table. */
  record Part(String file, long rows) {}

  /** Where the files lie: beside the start script. */
  static Path directory() {
    Path home = Path.of(System.getProperty("polder.home", "."));
    Path data = home.resolve("demo").resolve("data");
    if (!Files.isDirectory(data)) {
      throw new DemoFailure("the sample data is missing: there is no directory " + data);
    }
    return data;
  }
}
