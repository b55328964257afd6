package dev.polder.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.metastore.SqliteMetastore;
import dev.polder.metastore.job.Job;
import dev.polder.metastore.job.JobState;
import dev.polder.model.IdSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatementJobTest {
  private SqliteMetastore metastore;

  @BeforeEach
  void open(@TempDir Path directory) {
    Clock clock = Clock.systemUTC();
    metastore =
        SqliteMetastore.open(directory.resolve("metastore.db"), clock, IdSource.timeOrdered(clock));
  }

  @AfterEach
  void close() {
    metastore.close();
  }

  private Job job() {
    return metastore.read(tx -> tx.jobs().list(Optional.empty(), 10)).items().getFirst();
  }

  @Test
  void workWithoutProgressKeepsItsLease() {
    long until =
        StatementJob.run(
            metastore,
            "restore",
            "r",
            Optional.empty(),
            report -> {
              long first = job().leaseUntil().orElseThrow();
              Awaitility.await()
                  .atMost(Duration.ofSeconds(60))
                  .until(() -> job().leaseUntil().orElseThrow() > first);
              return job().leaseUntil().orElseThrow();
            });
    assertThat(until).isPositive();
    assertThat(job().state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void anyFailureEndsTheJob() {
    assertThatThrownBy(() ->
            StatementJob.run(
                metastore,
                "restore",
                "r",
                Optional.empty(),
                report -> {
                  throw new IllegalStateException("broken");
                }))
        .hasMessage("broken");
    assertThat(job().state()).isEqualTo(JobState.FAILED);
    assertThat(job().error()).contains("broken");
  }
}
