package dev.polder.benchmarks.catalog;

import dev.polder.benchmarks.harness.Figure;
import dev.polder.benchmarks.harness.Goal;
import dev.polder.benchmarks.harness.Numbers;
import dev.polder.benchmarks.harness.Samples;
import dev.polder.benchmarks.harness.Section;
import dev.polder.benchmarks.suite.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Iceberg REST catalogs in turns: this server and its peers, the same requests over the same
 * client. Stateless.
 */
public final class CatalogBenchmark {
  private static final String POLDER = "Polder";
  private static final int MAKERS = 8;

  private CatalogBenchmark() {}

  public static Section run(Lab lab) throws Exception {
    lab.progress().step("starting the other catalogs");
    Path directory = lab.scratch().resolve("catalog");
    try (Peers peers = Peers.start(lab.plan().home(), directory)) {
      List<CatalogTarget> targets = new ArrayList<>();
      targets.add(polder(lab));
      targets.addAll(peers.targets());
      List<Stand> stands = new ArrayList<>();
      for (CatalogTarget target : targets) {
        lab.progress().step("making " + lab.plan().catalogTables() + " tables in " + target.name());
        Stand stand = new Stand(target, directory.resolve("manifests"));
        stand.fill(lab.plan().catalogTables(), MAKERS);
        stands.add(stand);
      }
      return measure(lab, stands);
    }
  }

  private static CatalogTarget polder(Lab lab) throws IOException {
    return new CatalogTarget(
        POLDER,
        lab.server().http().resolve("/api/catalog"),
        Optional.of(lab.token()),
        Optional.of(Lab.TENANT + "@" + Lab.DATABASE));
  }

  private static Section measure(Lab lab, List<Stand> stands) throws Exception {
    List<Figure> figures = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Operation operation : Operation.all()) {
      for (int clients : operation.clients()) {
        String name = operation.with(clients);
        lab.progress().step(name);
        Map<String, List<Load>> loads = new LinkedHashMap<>();
        Map<String, List<Double>> answers = new LinkedHashMap<>();
        int runs = lab.plan().runs();
        for (int run = -1; run < runs; run++) {
          for (Stand stand : stands) {
            Load load = Load.during(lab.plan().seconds(), stand.clients(operation, clients));
            if (run >= 0) {
              loads.computeIfAbsent(stand.name(), key -> new ArrayList<>()).add(load);
              answers
                  .computeIfAbsent(stand.name(), key -> new ArrayList<>())
                  .addAll(stand.answers());
            }
            stand.close();
          }
        }
        figures.addAll(figures(operation, name, loads));
        figures.addAll(commits(answers, best(loads)));
        lab.progress().step(name + ": " + rates(loads));
        loads.forEach((side, made) -> {
          long failed = made.stream().mapToLong(Load::failed).sum();
          if (failed > 0 && answers.getOrDefault(side, List.of()).isEmpty()) {
            notes.add(name + ": " + side + " failed " + failed + " calls");
          }
        });
        answers.forEach((side, sent) -> {
          if (!sent.isEmpty() && clients > 1) {
            notes.add(name + ": " + tally(side, loads.getOrDefault(side, List.of()), sent.size()));
          }
        });
      }
    }
    notes.addAll(explanations(lab.plan().catalogTables()));
    return new Section("Iceberg REST catalogs", "peer", figures, notes);
  }

  private static String rates(Map<String, List<Load>> loads) {
    return loads.keySet().stream()
        .map(side ->
            side + " " + Numbers.text(samples(loads, side, Load::perSecond).median()) + "/s")
        .collect(Collectors.joining(", "));
  }

  private static String tally(String side, List<Load> loads, long sent) {
    long done = loads.stream().mapToLong(Load::done).sum();
    long failed = loads.stream().mapToLong(Load::failed).sum();
    return side + " made " + done + " commits of " + sent + " attempts, " + failed + " given up";
  }

  private static List<Figure> figures(
      Operation operation, String name, Map<String, List<Load>> loads) {
    Samples ours = samples(loads, POLDER, Load::perSecond);
    List<Figure> figures = new ArrayList<>();
    List<String> peers = loads.keySet().stream().filter(side -> !side.equals(POLDER)).toList();
    String best = best(loads);
    for (String peer : peers) {
      Samples theirs = samples(loads, peer, Load::perSecond);
      double factor = ours.median() / theirs.median();
      Figure figure =
          new Figure(name + " / " + peer, "1/s", ours, theirs, Numbers.text(factor) + "×", null);
      figures.add(
          operation.factor() > 0 && peer.equals(best)
              ? figure.withGoal(Goal.atLeast(operation.factor(), factor, "×"))
              : figure);
    }
    Samples median = samples(loads, best, Load::p50);
    figures.add(Figure.ratio("– p50 / " + best, samples(loads, POLDER, Load::p50), median));
    Samples slowest = samples(loads, POLDER, Load::p99);
    figures.add(
        Figure.ratio("– p99 / " + best + "'s p50", slowest, median)
            .withGoal(Goal.atMost(median.median(), slowest.median(), " ms")));
    figures.add(
        Figure.ratio("– p99 / " + best + "'s p99", slowest, samples(loads, best, Load::p99)));
    return figures;
  }

  private static String best(Map<String, List<Load>> loads) {
    return loads.keySet().stream()
        .filter(side -> !side.equals(POLDER))
        .max(Comparator.comparingDouble(peer -> samples(loads, peer, Load::perSecond).median()))
        .orElseThrow();
  }

  /** What of an append is the server's: the rest is the client's work and waits, alike on all. */
  private static List<Figure> commits(Map<String, List<Double>> answers, String best) {
    List<Double> ours = answers.getOrDefault(POLDER, List.of());
    List<Double> theirs = answers.getOrDefault(best, List.of());
    return ours.isEmpty() || theirs.isEmpty()
        ? List.of()
        : List.of(
            Figure.ratio("– a commit's answer / " + best, new Samples(ours), new Samples(theirs)));
  }

  private static Samples samples(
      Map<String, List<Load>> loads, String side, ToDoubleFunction<Load> value) {
    return new Samples(
        loads.getOrDefault(side, List.of()).stream().mapToDouble(value).boxed().toList());
  }

  private static List<String> explanations(int tables) {
    return List.of(
        "one client program for all; it runs on the same machine and only appends parse answers",
        "loadTable: 20 columns, 10 snapshots; listTables: " + tables + " tables in one page",
        "Polder checks a token and grants at each request and syncs every file, directory and"
            + " transaction before it answers; the peers ran without authentication, sync no"
            + " metadata file, and Nessie does not sync its RocksDB",
        "the reference server uses SQLite in a file over one connection and local files; Nessie"
            + " knows no local files and writes metadata to an S3 server of this machine",
        "appends are Iceberg's fast appends with its own retries, and its own waits: it looks each"
            + " 10 ms whether its threads have written a manifest; manifests lie in local files");
  }
}
