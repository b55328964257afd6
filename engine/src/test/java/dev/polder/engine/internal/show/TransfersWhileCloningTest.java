package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is moved from one table to another is in a clone on one side, never on both or neither. */
final class TransfersWhileCloningTest {
  private static final int ACCOUNTS = 4;
  private static final long EACH = 1_000;
  private static final int WRITERS = 3;
  private static final int CLONES = 8;
  private static final String SUM =
      "SELECT (SELECT sum(v) FROM a)::BIGINT + (SELECT sum(v) FROM b)::BIGINT"
          + " + (SELECT sum(v) FROM c)::BIGINT AS n";

  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicInteger transfers = new AtomicInteger();
  private EngineHarness engine;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    Session admin = engine.admin();
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE DATABASE prod FOR TENANT acme");
    Session prod = engine.admin("acme", "prod");
    for (String table : List.of("a", "b", "c")) {
      run(
          prod,
          "CREATE TABLE %s AS SELECT range AS id, %d::BIGINT AS v FROM range(%d)"
              .formatted(table, EACH, ACCOUNTS));
    }
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void everyClonesSumHolds() throws Exception {
    long total = 3 * ACCOUNTS * EACH;
    Session admin = engine.admin();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int seed = i;
        writers.add(threads.submit(() -> transfer(new Random(seed))));
      }
      try {
        for (int i = 0; i < CLONES; i++) {
          int before = transfers.get();
          run(admin, "CLONE DATABASE clone_" + i + " FROM prod");
          while (transfers.get() == before && writers.stream().noneMatch(Future::isDone)) {
            Thread.onSpinWait();
          }
        }
      } finally {
        done.set(true);
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    assertThat(transfers.get()).isGreaterThanOrEqualTo(CLONES);
    for (int i = 0; i < CLONES; i++) {
      assertThat(column(engine.admin("acme", "clone_" + i), SUM, "n"))
          .as("clone " + i)
          .containsExactly(total);
    }
    Session prod = engine.admin("acme", "prod");
    assertThat(column(prod, SUM, "n")).containsExactly(total);
    assertThat(column(prod, "SELECT count(*) AS n FROM a WHERE v <> " + EACH, "n"))
        .doesNotContain(0L);
  }

  /** Moves amounts from an account of one table to one of another, each in a transaction. */
  private void transfer(Random random) {
    Session session = engine.admin("acme", "prod");
    while (!done.get()) {
      List<String> tables = new ArrayList<>(List.of("a", "b", "c"));
      String from = tables.remove(random.nextInt(tables.size()));
      String to = tables.get(random.nextInt(tables.size()));
      int amount = 1 + random.nextInt(100);
      int account = random.nextInt(ACCOUNTS);
      run(session, "BEGIN");
      try {
        run(session, "UPDATE %s SET v = v - %d WHERE id = %d".formatted(from, amount, account));
        run(session, "UPDATE %s SET v = v + %d WHERE id = %d".formatted(to, amount, account));
        run(session, "COMMIT");
        transfers.incrementAndGet();
      } catch (PolderException e) {
        // Another writer was first: nothing of this transfer holds, and the next one is tried.
        assertThat(e.code()).isEqualTo(ErrorCode.TRANSACTION_CONFLICT);
        if (session.inTransaction()) {
          run(session, "ROLLBACK");
        }
      }
    }
  }
}
