package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.JobId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteFileTest {
  @TempDir Path directory;

  @Test
  void aSecondOpenerIsRefusedUntilTheFirstIsClosed() {
    String place = directory.resolve("new/deep/metastore.db").toString();
    Clock clock = Clock.systemUTC();
    try (Metastore first = Backend.SQLITE.open(place, clock)) {
      Contract.assertCode(
          ErrorCode.METASTORE_IN_USE, () -> Backend.SQLITE.open(place, clock).close());
      assertThat(first.write((MetastoreTransaction tx) -> tx.settings().putIfAbsent("k", "v")))
          .isEqualTo("v");
    }
    try (Metastore again = Backend.SQLITE.open(place, clock)) {
      assertThat(again.read((MetastoreTransaction tx) -> tx.settings().find("k"))).contains("v");
    }
  }

  @Test
  void whatADeadServerHeldIsFreeForTheNext() {
    String place = directory.resolve("metastore.db").toString();
    Clock clock = Clock.systemUTC();
    SpaceKey space = new SpaceKey(DatabaseId.DEFAULT, TenantId.DEFAULT);
    JobId job;
    try (Metastore first = Backend.SQLITE.open(place, clock)) {
      job =
          first.write(tx -> {
            tx.servers().beat("dead", 1, Long.MAX_VALUE);
            JobId started =
                tx.jobs().start("copy", "{}", Optional.empty(), "dead", 3_600_000_000L).id();
            tx.moves().begin(space, new DatabaseId(2000), started, Optional.empty(), Duration.ZERO);
            return started;
          });
    }
    try (Metastore next = Backend.SQLITE.open(place, clock)) {
      next.write(tx -> {
        assertThat(tx.servers().oldest()).isEqualTo(tx.now());
        assertThat(tx.moves().find(job)).as("whoever takes the job goes on").isPresent();
        assertThat(tx.jobs().claim("next", List.of("copy"), 1).orElseThrow().id()).isEqualTo(job);
        assertThat(tx.jobs().complete(job, "dead")).isFalse();
        return job;
      });
    }
  }
}
