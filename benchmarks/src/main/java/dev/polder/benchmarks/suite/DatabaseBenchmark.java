package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.harness.Figure;
import dev.polder.benchmarks.harness.Goal;
import dev.polder.benchmarks.harness.Samples;
import dev.polder.benchmarks.harness.Section;
import dev.polder.benchmarks.side.FlightConnection;
import dev.polder.server.client.PolderClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cloning by number of tables and by bytes, reading a deep clone, moving a tenant. Stateless. */
final class DatabaseBenchmark {
  private static final int BATCH = 250;
  private static final int DEPTH = 8;
  private static final long ROWS = 4_000_000;

  /** The copy in the background would be measured too. */
  private static final String MANUAL = " WITH (materialize = 'manual')";

  private DatabaseBenchmark() {}

  static Section run(Lab lab) throws Exception {
    List<Figure> figures = new ArrayList<>();
    try (PolderClient admin = lab.admin()) {
      for (int tables : lab.plan().tables()) {
        String database = "tables_" + tables;
        makeTables(lab, admin, database, tables);
        Figure figure = clone(lab, admin, database, number(tables) + " tables");
        double median = figure.polder().median();
        figures.add(
            switch (tables) {
              case 1_000 -> figure.withGoal(Goal.atMost(50, median, " ms"));
              case 10_000 -> figure.withGoal(Goal.atMost(500, median, " ms"));
              default -> figure;
            });
        if (tables == 1_000) {
          figures.add(move(lab, admin, database, tables));
        }
      }
      for (long megabytes : lab.plan().megabytes()) {
        String database = "bytes_" + megabytes;
        makeBytes(lab, admin, database, megabytes);
        figures.add(clone(lab, admin, database, "one table of " + number(megabytes) + " MB"));
      }
      figures.add(depth(lab, admin));
    }
    return new Section(
        "Databases",
        figures,
        List.of(
            "the times are a client's: over HTTP, with login and audit",
            "reading at depth "
                + DEPTH
                + ": Polder is the deepest clone, the other side the first source"));
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static void create(PolderClient admin, String database) {
    admin.execute("CREATE DATABASE " + database + " FOR TENANT " + Lab.TENANT);
  }

  private static void makeTables(Lab lab, PolderClient admin, String database, int tables)
      throws Exception {
    lab.progress().step("making " + number(tables) + " tables");
    create(admin, database);
    try (FlightConnection flight = lab.flight(database)) {
      for (int from = 0; from < tables; from += BATCH) {
        flight.update("BEGIN");
        for (int i = from; i < Math.min(tables, from + BATCH); i++) {
          flight.update("CREATE TABLE t" + i + " (id BIGINT, name VARCHAR)");
        }
        flight.update("COMMIT");
        lab.progress().at(Math.min(tables, from + BATCH), tables);
      }
    }
  }

  private static void makeBytes(Lab lab, PolderClient admin, String database, long megabytes)
      throws Exception {
    lab.progress().step("making " + number(megabytes) + " MB");
    create(admin, database);
    try (FlightConnection flight = lab.flight(database)) {
      flight.update("CREATE TABLE big (x DOUBLE)");
      // Random numbers do not compress: eight bytes each.
      flight.update(
          "INSERT INTO big SELECT random() FROM range(" + megabytes * 1_000_000 / 8 + ")");
    }
  }

  private static Figure clone(Lab lab, PolderClient admin, String source, String what) {
    lab.progress().step("cloning " + what);
    List<Double> millis = new ArrayList<>();
    // The first ones compile the path of a clone.
    for (int run = -3; run < lab.plan().runs(); run++) {
      long start = System.nanoTime();
      admin.execute("CLONE DATABASE cloned FROM " + source + MANUAL);
      double elapsed = (System.nanoTime() - start) / 1e6;
      admin.execute("DROP DATABASE cloned CASCADE");
      if (run >= 0) {
        millis.add(elapsed);
      }
      lab.progress().at(Math.max(0, run + 1), lab.plan().runs());
    }
    return Figure.alone("CLONE DATABASE, " + what, "ms", new Samples(millis));
  }

  private static Figure move(Lab lab, PolderClient admin, String database, int tables) {
    lab.progress().step("moving a tenant");
    admin.execute("CREATE TENANT mover");
    admin.execute("CREATE DATABASE elsewhere FOR TENANT mover");
    List<Double> millis = new ArrayList<>();
    String from = database;
    String to = "elsewhere";
    for (int run = -1; run < lab.plan().runs() || from.equals("elsewhere"); run++) {
      long start = System.nanoTime();
      admin.execute("MOVE TENANT " + Lab.TENANT + " FROM " + from + " TO " + to);
      if (run >= 0) {
        millis.add((System.nanoTime() - start) / 1e6);
      }
      String back = from;
      from = to;
      to = back;
    }
    Samples samples = new Samples(millis);
    return Figure.alone("MOVE TENANT, " + number(tables) + " tables", "ms", samples)
        .withGoal(Goal.atMost(1_000, samples.median(), " ms"));
  }

  private static Figure depth(Lab lab, PolderClient admin) throws Exception {
    lab.progress().step("reading at depth " + DEPTH);
    create(admin, "depth_0");
    try (FlightConnection flight = lab.flight("depth_0")) {
      flight.update(
          "CREATE TABLE read AS SELECT i AS id, i % 1000 AS kind FROM range(" + ROWS + ") r(i)");
    }
    for (int depth = 1; depth <= DEPTH; depth++) {
      admin.execute("CLONE DATABASE depth_" + depth + " FROM depth_" + (depth - 1) + MANUAL);
    }
    List<Double> deep = new ArrayList<>();
    List<Double> flat = new ArrayList<>();
    try (FlightConnection root = lab.flight("depth_0");
        FlightConnection leaf = lab.flight("depth_" + DEPTH)) {
      for (int run = -3; run < 2 * lab.plan().runs(); run++) {
        double above = read(root);
        double below = read(leaf);
        if (run >= 0) {
          flat.add(above);
          deep.add(below);
        }
      }
    }
    return Figure.ratio("reading at depth " + DEPTH, new Samples(deep), new Samples(flat));
  }

  private static double read(FlightConnection flight) throws Exception {
    long start = System.nanoTime();
    flight.read("SELECT kind, sum(id) FROM read GROUP BY kind ORDER BY kind", false);
    return (System.nanoTime() - start) / 1e6;
  }
}
