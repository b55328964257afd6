package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.harness.Duel;
import dev.polder.benchmarks.harness.Figure;
import dev.polder.benchmarks.harness.Goal;
import dev.polder.benchmarks.harness.Samples;
import dev.polder.benchmarks.harness.Section;
import dev.polder.benchmarks.harness.Side;
import dev.polder.benchmarks.side.BareDuck;
import dev.polder.benchmarks.side.BareFlight;
import dev.polder.benchmarks.side.FlightConnection;
import java.util.ArrayList;
import java.util.List;

/** A large result through Flight against DuckDB's own export in the reader's process. Stateless. */
final class StreamBenchmark {
  private static final String POLDER = "Polder";
  private static final String BARE = "DuckDB";
  private static final String TRANSPORT = "bare Flight";
  private static final double GOAL_PERCENT = 70;

  private StreamBenchmark() {}

  static Section run(Lab lab) throws Exception {
    long rows = lab.plan().streamRows();
    List<Figure> figures = new ArrayList<>();
    try (FlightConnection flight = lab.flight()) {
      figures.add(load(lab, flight, rows));
      lab.bare().view("wide", lab.files("stream_id"));
      figures.addAll(compare(lab, flight, "all five columns, one a text", "SELECT * FROM wide"));
      figures.addAll(
          compare(
              lab,
              flight,
              "four columns of fixed width",
              "SELECT stream_id, grp, amount, day FROM wide"));
    }
    return new Section(
        "A result of %,d rows".formatted(rows),
        figures,
        List.of(
            "BIGINT, INTEGER, DOUBLE, DATE, VARCHAR of 9 to 16 characters",
            "server and client share the machine's cores; DuckDB has them alone",
            "the bare Flight server holds the batches in memory and computes nothing: a server that"
                + " also runs the query needs the time of both"));
  }

  private static Figure load(Lab lab, FlightConnection flight, long rows) throws Exception {
    lab.progress().step("loading rows for the large result");
    String source =
        "SELECT i AS stream_id, (i % 1000)::INTEGER AS grp, i * 0.37 AS amount,"
            + " DATE '2000-01-01' + (i % 9000)::INTEGER AS day, 'customer-' || (i % 100000) AS name"
            + " FROM range("
            + rows
            + ") r(i)";
    String typed =
        "SELECT stream_id, grp, amount::DOUBLE AS amount, day, name FROM (" + source + ")";
    long start = System.nanoTime();
    long loaded = lab.bare().export(typed, reader -> flight.ingest("wide", reader));
    double polder = (System.nanoTime() - start) / 1e9;
    if (loaded != rows) {
      lab.warnings().add("large result: only " + loaded + " rows were loaded");
    }
    double bare = BareFiles.copySeconds(lab, typed, "wide");
    return Figure.share(
        "load, Flight ingest / COPY", "rows/s", Samples.of(rows / polder), Samples.of(rows / bare));
  }

  private static List<Figure> compare(Lab lab, FlightConnection flight, String name, String sql)
      throws Exception {
    BareDuck bare = lab.bare();
    long rows = lab.plan().streamRows();
    lab.progress().step("reading " + name);
    try (BareFlight transport = new BareFlight(bare, sql)) {
      Duel.Outcome outcome =
          lab.duel()
              .fight(
                  name,
                  List.of(
                      new Side(POLDER, hash -> flight.read(sql, hash)),
                      new Side(BARE, hash -> bare.read(sql, hash)),
                      new Side(TRANSPORT, transport::read)));
      Samples polder = rate(rows, outcome.of(POLDER));
      Samples alone = rate(rows, outcome.of(BARE));
      return List.of(
          Figure.share(name, "rows/s", polder, alone)
              .withGoal(Goal.atLeast(GOAL_PERCENT, 100 * polder.median() / alone.median(), " %")),
          Figure.share(
              "– a bare Flight server sending them",
              "rows/s",
              rate(rows, outcome.of(TRANSPORT)),
              alone));
    }
  }

  private static Samples rate(long rows, Samples millis) {
    return millis.map(each -> rows / each * 1000);
  }
}
