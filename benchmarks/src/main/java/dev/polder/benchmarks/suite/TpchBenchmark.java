package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.harness.Duel;
import dev.polder.benchmarks.harness.Figure;
import dev.polder.benchmarks.harness.Goal;
import dev.polder.benchmarks.harness.Samples;
import dev.polder.benchmarks.harness.Section;
import dev.polder.benchmarks.harness.Side;
import dev.polder.benchmarks.side.FlightConnection;
import dev.polder.benchmarks.tpch.TpchData;
import dev.polder.benchmarks.tpch.TpchQueries;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** TPC-H's 22 queries through Flight SQL against DuckDB on the same files. Stateless. */
final class TpchBenchmark {
  private static final String POLDER = "Polder";
  private static final String BARE = "DuckDB";

  private TpchBenchmark() {}

  static Section run(Lab lab) throws Exception {
    List<Figure> figures = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    try (FlightConnection flight = lab.flight()) {
      figures.add(load(lab, flight));
      for (TpchData.Table table : tables(lab)) {
        List<Path> files = lab.files(lab.bare().firstColumn(table.file()));
        lab.bare().view(table.name(), files);
      }
      List<Figure> queries = new ArrayList<>();
      for (TpchQueries.Query query : TpchQueries.all(lab.plan().scaleFactor())) {
        lab.progress().step("TPC-H " + query.name());
        Scans.warn(lab, query.name(), flight, query.sql(), query.sql());
        Duel.Outcome outcome =
            lab.duel()
                .fight(
                    "TPC-H " + query.name(),
                    List.of(
                        new Side(POLDER, hash -> flight.read(query.sql(), hash)),
                        new Side(BARE, hash -> lab.bare().read(query.sql(), hash))));
        queries.add(Figure.ratio(query.name(), outcome.of(POLDER), outcome.of(BARE)));
      }
      Figure total = total(queries);
      figures.add(total.withGoal(Goal.atMost(1.1, ratio(total), "×")));
      figures.addAll(queries);
    }
    notes.add("scale factor " + lab.plan().scaleFactor().toPlainString());
    notes.add("the total adds up each round's 22 times");
    return new Section("TPC-H", figures, notes);
  }

  private static List<TpchData.Table> tables(Lab lab) throws Exception {
    return TpchData.in(
        lab.plan().directory(), lab.plan().scaleFactor(), lab.bare(), lab.progress());
  }

  /** Loads all tables by bulk ingest; DuckDB copies the same files. */
  private static Figure load(Lab lab, FlightConnection flight) throws Exception {
    double polder = 0;
    double bare = 0;
    for (TpchData.Table table : tables(lab)) {
      lab.progress().step("loading " + table.name());
      String source = BareFiles.select(List.of(table.file()));
      long start = System.nanoTime();
      long rows = lab.bare().export(source, reader -> flight.ingest(table.name(), reader));
      polder += (System.nanoTime() - start) / 1e6;
      bare += 1000 * BareFiles.copySeconds(lab, source, table.name());
      long expected = lab.bare().read(source, false).rows();
      if (rows != expected) {
        lab.warnings().add(table.name() + ": " + rows + " rows loaded of " + expected);
      }
    }
    return Figure.ratio("load, Flight ingest / COPY", Samples.of(polder), Samples.of(bare));
  }

  private static Figure total(List<Figure> queries) {
    int runs = queries.getFirst().polder().values().size();
    return Figure.ratio(
        "total of " + queries.size(),
        sum(queries.stream().map(Figure::polder).toList(), runs),
        sum(queries.stream().map(Figure::bareOrThrow).toList(), runs));
  }

  private static Samples sum(List<Samples> samples, int runs) {
    return new Samples(
        IntStream.range(0, runs)
            .mapToObj(run -> samples.stream().mapToDouble(s -> s.values().get(run)).sum())
            .toList());
  }

  private static double ratio(Figure figure) {
    return figure.polder().median() / figure.bareOrThrow().median();
  }
}
