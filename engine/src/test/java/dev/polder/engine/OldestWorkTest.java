package dev.polder.engine;

import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the collector waits for. */
final class OldestWorkTest {
  @Test
  void openTransactionsAndOpenResultsCountUntilTheyEnd(@TempDir Path directory) {
    try (EngineHarness engine = new EngineHarness(directory)) {
      Session session = engine.admin();
      run(session, "CREATE TABLE t AS SELECT 1 AS a");
      long idle = engine.engine().oldestWorkMicros();
      run(session, "BEGIN");
      run(session, "SELECT * FROM t");
      long during = System.currentTimeMillis() * 1_000;
      while (System.currentTimeMillis() * 1_000 == during) {
        Thread.onSpinWait();
      }
      assertThat(engine.engine().oldestWorkMicros()).isBetween(idle, during);
      run(session, "COMMIT");
      long ended = engine.engine().oldestWorkMicros();
      assertThat(ended).isGreaterThan(during);
      try (Result rows =
          session.execute("SELECT * FROM t", List.of(), StatementOptions.defaults())) {
        assertThat(rows).isInstanceOf(Result.Rows.class);
        long open = System.currentTimeMillis() * 1_000;
        while (System.currentTimeMillis() * 1_000 == open) {
          Thread.onSpinWait();
        }
        assertThat(engine.engine().oldestWorkMicros()).isLessThanOrEqualTo(open);
      }
      assertThat(engine.engine().oldestWorkMicros()).isGreaterThan(ended);
    }
  }
}
