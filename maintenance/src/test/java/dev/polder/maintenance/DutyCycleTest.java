package dev.polder.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.quota.Quota;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.IdSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DutyCycleTest {
  private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

  @Test
  void workRestsForAsLongAsTheQuotaDemandsAndHoldsNobodyElseUp(@TempDir Path directory) {
    Clock clock = Clock.systemUTC();
    try (Metastore metastore =
            SqliteMetastore.open(
                directory.resolve("metastore.db"), clock, IdSource.timeOrdered(clock));
        DutyCycle duty = new DutyCycle(metastore)) {
      AtomicInteger steps = new AtomicInteger();
      Runnable step =
          () -> {
            work();
            steps.incrementAndGet();
          };
      share(metastore, 5);
      duty.work(DatabaseId.DEFAULT, step);
      duty.work(DatabaseId.DEFAULT, step);
      assertThat(steps).as("it rests for a second").hasValue(1);
      DatabaseId other =
          metastore.write(tx ->
              tx.databases().create(new DatabaseName("other"), DatabaseKind.LAKE, Map.of()).id());
      duty.work(other, step);
      assertThat(steps).hasValue(2);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> {
            duty.work(DatabaseId.DEFAULT, step);
            return steps.get() > 2;
          });
      share(metastore, 100);
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> {
            duty.work(DatabaseId.DEFAULT, step);
            return steps.get() > 3;
          });
      duty.work(DatabaseId.DEFAULT, step);
      assertThat(steps).as("it needs no rest").hasValue(5);
    }
  }

  private static void share(Metastore metastore, long percent) {
    metastore.write(tx ->
        tx.quotas().set(DatabaseId.DEFAULT, Quota.of(QuotaField.MAINTENANCE_CPU_PCT, percent)));
  }

  private static void work() {
    long end = System.nanoTime() + WORK_NANOS;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
