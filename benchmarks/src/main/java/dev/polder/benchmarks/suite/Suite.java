package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.catalog.CatalogBenchmark;
import dev.polder.benchmarks.harness.Progress;
import dev.polder.benchmarks.harness.Section;
import dev.polder.benchmarks.harness.Warnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Runs the chosen benchmarks one after the other, most of them on one server. Stateless. */
public final class Suite {
  private Suite() {}

  /** What can be measured. */
  public enum Choice {
    START,
    ROUNDTRIP,
    BIND,
    TPCH,
    STREAM,
    POINT,
    WRITE,
    DATABASES,
    MIRRORS,
    QUOTAS,
    CATALOG
  }

  @FunctionalInterface
  private interface Benchmark {
    Section run(Lab lab) throws Exception;
  }

  /**
   * Runs them.
   *
   * @param finished is told of each section as soon as it is there
   */
  public static void run(
      Set<Choice> choices,
      Plan plan,
      Progress progress,
      Warnings warnings,
      Consumer<Section> finished)
      throws Exception {
    clean(plan);
    try {
      if (choices.contains(Choice.START)) {
        finished.accept(StartBenchmark.run(plan, progress));
      }
      List<Choice> served = choices.stream().filter(choice -> choice != Choice.START).toList();
      if (!served.isEmpty()) {
        try (Lab lab = Lab.open(plan, progress, warnings)) {
          for (Choice choice : served) {
            finished.accept(benchmark(choice).run(lab));
          }
        }
      }
    } finally {
      progress.clear();
      clean(plan);
    }
  }

  private static Benchmark benchmark(Choice choice) {
    return switch (choice) {
      case START -> throw new IllegalArgumentException("runs without a server of its own");
      case ROUNDTRIP -> RoundTripBenchmark::run;
      case BIND -> BindBenchmark::run;
      case TPCH -> TpchBenchmark::run;
      case STREAM -> StreamBenchmark::run;
      case POINT -> PointBenchmark::run;
      case WRITE -> WriteBenchmark::run;
      case DATABASES -> DatabaseBenchmark::run;
      case MIRRORS -> MirrorBenchmark::run;
      case QUOTAS -> QuotaBenchmark::run;
      case CATALOG -> CatalogBenchmark::run;
    };
  }

  /** Removes what runs make anew; the generated data stays. */
  private static void clean(Plan plan) throws IOException {
    for (String name : List.of("data", "mirrors", "scratch", "start")) {
      Path directory = plan.directory().resolve(name);
      if (Files.exists(directory)) {
        List<Path> paths;
        try (var files = Files.walk(directory)) {
          paths = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
          Files.delete(path);
        }
      }
    }
  }
}
