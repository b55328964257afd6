package dev.polder.benchmarks.suite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScansTest {
  @Test
  void ofDrawnPlansOnlyScansOfOneRowCount() {
    String plan =
        """
                 ╭─ Hash Join ─╮
                 │ ~1 row      │
                 ╰──────┬──────╯
        ╭─ Parquet Scan ┴──────────╮╭─ Parquet Scan ───────────╮
        │ Function: PARQUET_SCAN   ││ Function: PARQUET_SCAN   │
        │ ~1 row                   ││ ~1,500 rows              │
        ╰──────────────────────────╯╰──────────────────────────╯
        """;

    assertThat(Scans.ofOneRow(plan)).isEqualTo(1);
  }

  @Test
  void ofListedPlansOnlyScansOfOneRowCount() {
    String plan =
        """
        UNGROUPED_AGGREGATE  [Aggregates: count_star(); ~1 rows]
          HASH_JOIN  [Join Type: INNER; ~1 rows]
            READ_PARQUET  [Projections: a; ~1 rows]
            READ_PARQUET  [Projections: b; ~100 rows]
        """;

    assertThat(Scans.ofOneRow(plan)).isEqualTo(1);
  }
}
