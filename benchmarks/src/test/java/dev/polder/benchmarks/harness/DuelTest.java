package dev.polder.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DuelTest {
  private final Warnings warnings = new Warnings();

  @Test
  void sidesTakeTurns() throws Exception {
    List<String> order = new ArrayList<>();

    Duel.Outcome outcome =
        new Duel(0, 2, warnings)
            .fight("turns", List.of(side("A", 3, 1, order), side("B", 3, 1, order)));

    assertThat(order).containsExactly("A", "B", "A", "B", "A", "B");
    assertThat(outcome.of("A").values()).hasSize(2);
    assertThat(outcome.rows()).isEqualTo(3);
    assertThat(warnings.all()).isEmpty();
  }

  @Test
  void differentAnswersAreToldOf() throws Exception {
    new Duel(0, 1, warnings)
        .fight(
            "same rows, other contents",
            List.of(side("A", 3, 1, new ArrayList<>()), side("B", 3, 2, new ArrayList<>())));

    assertThat(warnings.all()).singleElement().asString().contains("the answers differ");
  }

  @Test
  void anEmptyAnswerIsVacuous() throws Exception {
    new Duel(0, 1, warnings).fight("nothing", List.of(side("A", 0, 0, new ArrayList<>())));

    assertThat(warnings.all()).singleElement().asString().contains("vacuous");
  }

  private static Side side(String name, long rows, long hash, List<String> order) {
    return new Side(
        name,
        wanted -> {
          order.add(name);
          return new Answer(rows, wanted ? hash : 0);
        });
  }
}
