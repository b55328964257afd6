package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.harness.Answer;
import dev.polder.benchmarks.harness.Duel;
import dev.polder.benchmarks.harness.Figure;
import dev.polder.benchmarks.harness.Goal;
import dev.polder.benchmarks.harness.Samples;
import dev.polder.benchmarks.harness.Section;
import dev.polder.benchmarks.harness.Side;
import dev.polder.benchmarks.side.FlightConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One row by its key, from a table of very many small commits. Stateless. */
final class PointBenchmark {
  private static final int ROWS_PER_COMMIT = 100;
  private static final int LOOKUPS = 41;
  private static final double GOAL_MILLIS = 5;
  private static final String POLDER = "Polder";
  private static final String BARE = "DuckDB";

  private PointBenchmark() {}

  static Section run(Lab lab) throws Exception {
    int commits = lab.plan().commits();
    try (FlightConnection flight = lab.flight()) {
      double seconds = fill(lab, flight, commits);
      Path compact = compact(lab);
      long keys = (long) commits * ROWS_PER_COMMIT;
      long start = System.nanoTime();
      flight.read(lookup("point", keys / 2), false);
      double first = (System.nanoTime() - start) / 1e6;
      Scans.warn(lab, "point query", flight, lookup("point", 1), lookup(read(compact), 1));
      lab.progress().step("looking up single rows");
      List<Double> polder = new ArrayList<>();
      List<Double> bare = new ArrayList<>();
      for (int i = 0; i < LOOKUPS; i++) {
        // A key for each commit in turn, far apart: nothing is found twice in the same file.
        long key = (i * 7919L * ROWS_PER_COMMIT + i) % keys;
        Duel.Outcome outcome =
            new Duel(0, 1, lab.warnings())
                .fight(
                    "point query",
                    List.of(
                        new Side(POLDER, hash -> flight.read(lookup("point", key), hash)),
                        new Side(BARE, hash -> lab.bare().read(lookup(read(compact), key), hash))));
        polder.addAll(outcome.of(POLDER).values());
        bare.addAll(outcome.of(BARE).values());
        lab.progress().at(i, LOOKUPS);
      }
      Figure figure = Figure.more("one row by key", new Samples(polder), new Samples(bare));
      double difference = figure.polder().median() - figure.bareOrThrow().median();
      return new Section(
          String.format(Locale.ROOT, "A point query on a table of %,d small commits", commits),
          List.of(
              figure.withGoal(Goal.atMost(GOAL_MILLIS, difference, " ms more")),
              Figure.alone("the first query after the commits", "ms", Samples.of(first)),
              Figure.alone(
                  "commits of " + ROWS_PER_COMMIT + " rows", "1/s", Samples.of(commits / seconds))),
          List.of("DuckDB reads one compacted file, sorted by the key"));
    }
  }

  private static double fill(Lab lab, FlightConnection flight, int commits) {
    lab.progress().step("making small commits");
    flight.update("CREATE TABLE point (point_id BIGINT, name VARCHAR, amount DOUBLE)");
    long start = System.nanoTime();
    for (int i = 0; i < commits; i++) {
      long from = (long) i * ROWS_PER_COMMIT;
      flight.update(
          "INSERT INTO point SELECT i, 'name-' || i, i * 0.5 FROM range("
              + from
              + ", "
              + (from + ROWS_PER_COMMIT)
              + ") r(i)");
      lab.progress().at(i, commits);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static Path compact(Lab lab) throws Exception {
    Path file = lab.scratch().resolve("point-compact.parquet");
    lab.bare()
        .execute(
            "COPY ("
                + BareFiles.select(lab.files("point_id"))
                + " ORDER BY point_id) TO '"
                + file
                + "' (FORMAT parquet, COMPRESSION zstd)");
    Answer all = lab.bare().read("SELECT * FROM " + read(file), false);
    long expected = (long) lab.plan().commits() * ROWS_PER_COMMIT;
    if (all.rows() != expected) {
      lab.warnings().add("point query: the table's files hold " + all.rows() + " rows");
    }
    return file;
  }

  private static String read(Path file) {
    return "read_parquet('" + file + "')";
  }

  private static String lookup(String source, long key) {
    return "SELECT * FROM " + source + " WHERE point_id = " + key;
  }
}
