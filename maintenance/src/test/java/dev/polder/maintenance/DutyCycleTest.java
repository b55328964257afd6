package dev.polder.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.metastore.quota.Quota;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.model.DatabaseId;
import dev.polder.model.IdSource;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DutyCycleTest {
  private static final long WORK_NANOS = TimeUnit.MILLISECONDS.toNanos(60);

  @Test
  void workRestsForAsLongAsTheQuotaDemands(@TempDir Path directory) {
    Clock clock = Clock.systemUTC();
    try (Metastore metastore =
            SqliteMetastore.open(
                directory.resolve("metastore.db"), clock, IdSource.timeOrdered(clock));
        DutyCycle duty = new DutyCycle(metastore)) {
      long slow = took(duty, metastore, 20);
      long fast = took(duty, metastore, 100);
      assertThat(slow).isGreaterThan(5 * WORK_NANOS * 9 / 10);
      assertThat(fast).isLessThan(slow);
    }
  }

  private static long took(DutyCycle duty, Metastore metastore, long percent) {
    metastore.write(tx ->
        tx.quotas().set(DatabaseId.DEFAULT, Quota.of(QuotaField.MAINTENANCE_CPU_PCT, percent)));
    long begin = System.nanoTime();
    duty.work(DatabaseId.DEFAULT, DutyCycleTest::work);
    return System.nanoTime() - begin;
  }

  private static void work() {
    long end = System.nanoTime() + WORK_NANOS;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
