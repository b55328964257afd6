package dev.polder.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.model.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDataTest {
  private static final Path DATA = Path.of("../demo/data");

  @TempDir Path directory;

  @Test
  void everyFileHasTheRowsThatAreStated() throws SQLException {
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      for (DemoData.Table table : List.of(DemoData.AIRPORTS, DemoData.FLIGHTS)) {
        statement.execute("CREATE TABLE " + table.name() + " (" + table.columns() + ")");
        for (DemoData.Part part : table.parts()) {
          assertThat(
                  statement.executeUpdate(
                      "INSERT INTO "
                          + table.name()
                          + " BY NAME FROM '"
                          + DATA.resolve(part.file())
                          + "'"))
              .as(part.file())
              .isEqualTo((int) part.rows());
        }
      }
      try (ResultSet strangers =
          statement.executeQuery(
              "SELECT count(*) FROM flights WHERE origin NOT IN (SELECT iata FROM airports)")) {
        strangers.next();
        assertThat(strangers.getLong(1)).isZero();
      }
    }
    assertThat(DemoData.FLIGHTS.rows()).isGreaterThanOrEqualTo(500_000);
  }

  @Test
  void passwordsAreKeptForTheOwnerAlone() throws IOException {
    DemoState made = DemoState.open(directory, null);
    made.withCorrection("2026-01-01 00:00:00").save(directory);
    DemoState again = DemoState.open(directory, null);
    assertThat(again.userPassword()).isEqualTo(made.userPassword());
    assertThat(again.adminPassword()).isEqualTo(made.adminPassword());
    assertThat(again.corrected()).isEqualTo("2026-01-01 00:00:00");
    assertThat(made.fresh()).isTrue();
    assertThat(again.fresh()).isFalse();
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(DemoState.file(directory))))
        .isEqualTo("rw-------");
    assertThat(DemoState.open(directory, Secret.of("other")).adminPassword())
        .isEqualTo(Secret.of("other"));
    assertThat(made.toString()).doesNotContain(made.userPassword().reveal());
  }
}
