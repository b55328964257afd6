package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.ErrorCode;
import dev.polder.model.IdSource;
import dev.polder.model.Secret;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostConnectionTest {
  @TempDir Path directory;

  @Test
  void aConnectionLostBeforeTheCommitIsReplacedAndTheWorkRunAgain() {
    String place = Backend.POSTGRES.place(directory);
    AtomicInteger runs = new AtomicInteger();
    try (Metastore metastore = Backend.POSTGRES.open(place, Clock.systemUTC())) {
      String value =
          metastore.write(tx -> {
            String put = tx.settings().putIfAbsent("k", "v" + runs.incrementAndGet());
            if (runs.get() == 1) {
              terminateOthers(place);
            }
            return put;
          });
      assertThat(value).isEqualTo("v2");
      assertThat(runs).hasValue(2);
      assertThat(metastore.read((MetastoreTransaction tx) -> tx.settings().find("k")))
          .contains("v2");
    }
  }

  @Test
  void readsGoOnAfterTheirConnectionsWereCut() {
    String place = Backend.POSTGRES.place(directory);
    try (Metastore metastore = Backend.POSTGRES.open(place, Clock.systemUTC())) {
      metastore.read(tx -> tx.grants().epoch());
      terminateOthers(place);
      assertThat(metastore.read((MetastoreTransaction tx) -> tx.grants().epoch())).isPositive();
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsUnavailable() {
    Clock clock = Clock.systemUTC();
    Contract.assertCode(
        ErrorCode.METASTORE_UNAVAILABLE,
        () ->
            PostgresMetastore.open(
                "jdbc:postgresql://localhost:1/none",
                "u",
                Secret.of("p"),
                clock,
                IdSource.timeOrdered(clock)));
  }

  private static void terminateOthers(String place) {
    try (var connection = Backend.POSTGRES.connect(place);
        var statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
              + " current_database() AND pid <> pg_backend_pid()");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
