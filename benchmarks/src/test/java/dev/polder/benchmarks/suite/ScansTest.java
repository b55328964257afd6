package dev.polder.benchmarks.suite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScansTest {
  @Test
  void onlyScansOfOneRowCount() {
    String plan =
        """
        ┌────────────────┐
        │    HASH_JOIN   │
        │     ~1 row     ├──────────┐
        └────────┬───────┘          │
        ┌────────┴───────┐┌─────────┴──────┐
        │  READ_PARQUET  ││  READ_PARQUET  │
        │     ~1 row     ││   ~1,500 rows  │
        └────────────────┘└────────────────┘
        """;

    assertThat(Scans.ofOneRow(plan)).isEqualTo(1);
  }
}
