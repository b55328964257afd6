package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.ErrorCode;
import java.nio.file.Path;
import java.time.Clock;
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
}
