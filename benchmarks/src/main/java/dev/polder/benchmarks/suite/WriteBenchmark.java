package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.harness.Figure;
import dev.polder.benchmarks.harness.RateLoop;
import dev.polder.benchmarks.harness.Samples;
import dev.polder.benchmarks.harness.Section;
import dev.polder.benchmarks.side.FlightConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Small commits by the second, and one large INSERT … SELECT. Stateless. */
final class WriteBenchmark {
  private static final int MANY = 8;
  private static final int SYNCS = 50;

  private WriteBenchmark() {}

  static Section run(Lab lab) throws Exception {
    List<Figure> figures = new ArrayList<>();
    List<FlightConnection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < MANY; i++) {
        connections.add(lab.flight());
      }
      FlightConnection first = connections.getFirst();
      figures.add(commits(lab, connections.subList(0, 1)));
      figures.add(commits(lab, connections));
      figures.add(insertSelect(lab, first));
    } finally {
      for (FlightConnection connection : connections) {
        connection.close();
      }
    }
    return new Section(
        "Writing",
        figures,
        List.of(
            "every acknowledged commit is on disk: its files and directories are synced first",
            String.format(
                Locale.ROOT, "one sync of a small file takes %.2f ms here", syncMillis(lab))));
  }

  private static Figure commits(Lab lab, List<FlightConnection> connections) throws Exception {
    String name = "single-row INSERT, " + sessions(connections.size());
    lab.progress().step(name);
    List<Double> rates = new ArrayList<>();
    long inserted = 0;
    for (int run = -1; run < lab.plan().runs(); run++) {
      String table = "small_" + connections.size() + "_" + (run + 1);
      connections.getFirst().update("CREATE TABLE " + table + " (small_id BIGINT, name VARCHAR)");
      List<RateLoop.Call> calls = new ArrayList<>();
      for (FlightConnection connection : connections) {
        calls.add(() -> connection.update("INSERT INTO " + table + " VALUES (1, 'one row')"));
      }
      double rate = RateLoop.perSecond(calls, lab.plan().seconds());
      inserted += connections.getFirst().read("SELECT * FROM " + table, false).rows();
      // The first run warms up.
      if (run >= 0) {
        rates.add(rate);
      }
      lab.progress().at(run + 1, lab.plan().runs());
    }
    if (inserted == 0) {
      lab.warnings().add(name + ": vacuous, the table stayed empty");
    }
    return Figure.alone(name, "commits/s", new Samples(rates));
  }

  private static String sessions(int count) {
    return count == 1 ? "1 session" : count + " sessions";
  }

  private static Figure insertSelect(Lab lab, FlightConnection flight) throws Exception {
    long rows = lab.plan().insertRows();
    lab.progress().step("INSERT … SELECT");
    flight.update("CREATE TABLE insert_source (source_id BIGINT, amount DOUBLE, name VARCHAR)");
    flight.update(
        "INSERT INTO insert_source SELECT i, i * 0.5, 'name-' || (i % 5000) FROM range("
            + rows
            + ") r(i)");
    flight.update("CREATE TABLE insert_target (target_id BIGINT, amount DOUBLE, name VARCHAR)");
    String source = BareFiles.select(lab.files("source_id"));
    List<Double> polder = new ArrayList<>();
    List<Double> bare = new ArrayList<>();
    for (int run = -1; run < lab.plan().runs(); run++) {
      long start = System.nanoTime();
      long inserted = flight.update("INSERT INTO insert_target SELECT * FROM insert_source");
      double seconds = (System.nanoTime() - start) / 1e9;
      double alone = BareFiles.copySeconds(lab, source, "insert-" + run);
      if (inserted != rows) {
        lab.warnings().add("INSERT … SELECT wrote " + inserted + " rows");
      }
      if (run >= 0) {
        polder.add(rows / seconds);
        bare.add(rows / alone);
      }
      lab.progress().at(run + 1, lab.plan().runs());
    }
    return Figure.share(
        String.format(Locale.ROOT, "INSERT … SELECT of %,d rows / COPY", rows),
        "rows/s",
        new Samples(polder),
        new Samples(bare));
  }

  private static double syncMillis(Lab lab) throws IOException {
    Path file = lab.scratch().resolve("sync");
    List<Double> millis = new ArrayList<>();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < SYNCS; i++) {
        long start = System.nanoTime();
        channel.write(ByteBuffer.allocate(4096));
        channel.force(true);
        millis.add((System.nanoTime() - start) / 1e6);
      }
    }
    Files.delete(file);
    return new Samples(millis).median();
  }
}
