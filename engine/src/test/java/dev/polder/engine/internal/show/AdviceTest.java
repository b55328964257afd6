package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a refusal or an empty answer tells to do next can be done, and helps. */
final class AdviceTest {
  private EngineHarness engine;
  private Session admin;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE DATABASE prod FOR TENANT acme");
    run(engine.admin("acme", "prod"), "CREATE TABLE orders AS SELECT 1 AS id");
    run(admin, "CLONE DATABASE c FROM prod WITH (materialize = 'manual')");
    run(admin, "MIRROR DATABASE m FROM prod");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private void advises(String sql, String advice) {
    assertThatThrownBy(() -> run(admin, sql)).hasMessageContaining(advice);
  }

  @Test
  void whoNeedsADatabaseIsNamedWithWhatFreesIt() {
    advises(
        "DROP DATABASE prod CASCADE",
        "its clone c (drop or MATERIALIZE it first) and its mirror m (drop or PROMOTE it first)");
  }

  @Test
  void aMirrorIsDroppedAsAWholeAndPromotedBeforeATenantLeavesIt() {
    advises("DROP DATABASE m", "CASCADE: a mirror's tables cannot be dropped alone");
    advises("MOVE TENANT acme FROM m TO \"default\"", "ALTER DATABASE m PROMOTE first");
    assertThat(column(admin, "SHOW MIRRORS", "name")).containsExactly("m");
    assertThat(column(admin, "SHOW MIRRORS", "source")).containsExactly("prod");
    run(admin, "DROP DATABASE m CASCADE");
    assertThat(run(admin, "SHOW MIRRORS")).isEmpty();
  }

  @Test
  void aPlaceOfABackupIsRefusedForWhatIsWrongWithIt() {
    advises("BACKUP DATABASE prod TO '/tmp/prod'", "begins with a slash");
    advises("BACKUP DATABASE prod TO 'prod//monday'", "a part of its name is empty");
  }

  @Test
  void anEmptyTrailOfTheServerTellsWhereTheDatabasesRecordsAre() {
    assertThat(run(admin, "SHOW AUDIT WHERE event_type = 'database_created'")).isEmpty();
    assertThat(admin.notices()).extracting("code").containsExactly("SERVER_TRAIL");
    assertThat(run(admin, "SHOW AUDIT IN DATABASE prod WHERE event_type = 'database_created'"))
        .hasSize(1);
  }

  @Test
  void aMaterializedCloneTellsWhereItsPastEnded() {
    run(admin, "ALTER DATABASE c MATERIALIZE");
    String ended = "before it was materialized at";
    assertThatThrownBy(
            () -> run(engine.admin("acme", "c"), "SELECT * FROM orders AT (VERSION => 1)"))
        .hasMessageContaining(ended);
    advises("RESET DATABASE c TO SOURCE", "was materialized at");
    run(admin, "SHOW DATABASE LINEAGE FOR c");
    assertThat(admin.notices()).extracting("message").asString().contains(ended);
  }
}
