package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.harness.Figure;
import dev.polder.benchmarks.harness.Progress;
import dev.polder.benchmarks.harness.Samples;
import dev.polder.benchmarks.harness.Section;
import dev.polder.benchmarks.side.ServerChild;
import dev.polder.benchmarks.side.ServerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How soon a server is ready, and what it holds when nobody asks it anything. Stateless. */
final class StartBenchmark {
  private static final int SETTLE_SECONDS = 3;

  private StartBenchmark() {}

  static Section run(Plan plan, Progress progress) throws Exception {
    progress.step("starting servers");
    // The first start of a new build makes the archive of classes that later ones use.
    ServerSettings base = plan.settings(plan.directory().resolve("start"));
    start(base.withData(directory(plan, "warm")), new ArrayList<>(), new ArrayList<>());
    List<Double> firstStarts = new ArrayList<>();
    List<Double> starts = new ArrayList<>();
    List<Double> memory = new ArrayList<>();
    for (int run = 0; run < plan.runs(); run++) {
      ServerSettings settings = base.withData(directory(plan, "run" + run));
      start(settings, firstStarts, new ArrayList<>());
      start(settings, starts, memory);
      progress.at(run + 1, plan.runs());
    }
    return new Section(
        "Starting",
        List.of(
            Figure.alone(
                "./polder serve to /ready, empty directory", "ms", new Samples(firstStarts)),
            Figure.alone("./polder serve to /ready, again", "ms", new Samples(starts)),
            Figure.alone("memory at rest (RSS)", "MB", new Samples(memory))),
        List.of("memory is read " + SETTLE_SECONDS + " seconds after the server is ready"));
  }

  private static Path directory(Plan plan, String name) {
    return plan.directory().resolve("start").resolve(name);
  }

  private static void start(ServerSettings settings, List<Double> millis, List<Double> memory)
      throws Exception {
    try (ServerChild server = ServerChild.start(settings)) {
      millis.add(server.startMillis());
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      memory.add(server.residentMegabytes());
    }
  }
}
