package dev.polder.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.table.Style;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final Section section =
      new Section(
          "Title",
          List.of(
              Figure.ratio("Q1", Samples.of(11, 12, 10), Samples.of(10, 10, 10))
                  .withGoal(Goal.atMost(1.1, 1.1, "×")),
              Figure.alone("rate", "1/s", Samples.of(12345))),
          List.of("a note"));

  @Test
  void aTableShowsMediansRelationsAndGoals() {
    List<String> lines = Report.lines(section, Style.PLAIN);

    assertThat(lines.getFirst()).isEqualTo("Title");
    assertThat(lines).anyMatch(line -> line.contains("1.10×") && line.contains("≤ 1.10× met"));
    assertThat(lines).anyMatch(line -> line.contains("12,345"));
    assertThat(lines.getLast()).contains("a note");
  }

  @Test
  void markdownHoldsTheMachineTheCommandAndTheWarnings() {
    Report report = new Report(Map.of("processor", "fast"), List.of(section), List.of("odd"));

    assertThat(report.markdown("./benchmarks/run tpch"))
        .contains("| processor | fast |", "`./benchmarks/run tpch`", "## Title", "- odd");
  }
}
