package dev.polder.benchmarks.suite;

import dev.polder.benchmarks.harness.Figure;
import dev.polder.benchmarks.harness.Section;
import dev.polder.server.client.PolderClient;
import java.util.ArrayList;
import java.util.List;

/** How far behind a mirror is, and what a commit costs that a mirror follows. Stateless. */
final class MirrorBenchmark {
  private MirrorBenchmark() {}

  static Section run(Lab lab) throws Exception {
    List<Figure> figures = new ArrayList<>();
    try (PolderClient admin = lab.admin()) {
      figures.addAll(MirrorLag.measure(lab, admin));
      figures.addAll(MirroredCommit.measure(lab, admin));
    }
    return new Section(
        "Mirrors",
        figures,
        List.of(
            "a commit is one INSERT of one row over Flight SQL; databases take turns, one"
                + " commit at a time, in an order drawn anew for each round",
            "the other side is the commit of a database without a mirror, in the same run",
            "the other server is a process on this machine: no network lies between"));
  }
}
