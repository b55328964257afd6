package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.maintenance.Maintenance;
import dev.polder.maintenance.MaintenanceOptions;
import dev.polder.metastore.mirror.MirrorState;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MaterializeStatementsTest {
  private static final String HIDDEN = ".hidden";

  @TempDir private Path directory;
  private EngineHarness engine;
  private Session admin;
  private Session prod;

  @BeforeEach
  void start() {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE DATABASE prod FOR TENANT acme");
    prod = engine.admin("acme", "prod");
    run(prod, "CREATE TABLE orders (id BIGINT, region VARCHAR)");
    run(prod, "INSERT INTO orders VALUES (1, 'eu'), (2, 'us'), (3, 'us')");
    run(prod, "DELETE FROM orders WHERE id = 3");
    run(prod, "CREATE VIEW eu AS SELECT id FROM orders WHERE region = 'eu'");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void aMaterializedCloneDependsOnNobodyAndOutlivesItsSource() {
    run(admin, "CLONE DATABASE preview FROM prod WITH (materialize = 'manual')");
    Session preview = engine.admin("acme", "preview");
    run(preview, "INSERT INTO orders VALUES (4, 'eu')");
    refused(ErrorCode.CLONE_DEPENDENCY, () -> run(admin, "DROP DATABASE prod CASCADE"));
    run(admin, "ALTER DATABASE preview MATERIALIZE");
    assertThat(admin.notices()).isEmpty();
    run(admin, "ALTER DATABASE preview MATERIALIZE");
    assertThat(admin.notices()).extracting("code").containsExactly("UNCHANGED");
    assertThat(column(admin, "SHOW DATABASE LINEAGE FOR preview", "name"))
        .containsExactly("preview");
    run(admin, "DROP DATABASE prod CASCADE");
    assertThat(column(preview, "SELECT id FROM orders ORDER BY id", "id"))
        .containsExactly(1L, 2L, 4L);
    assertThat(column(preview, "SELECT id FROM eu ORDER BY id", "id")).containsExactly(1L, 4L);
    refused(
        ErrorCode.VERSION_NOT_FOUND, () -> run(preview, "SELECT * FROM orders AT (VERSION => 2)"));
    refused(ErrorCode.WRONG_OBJECT_TYPE, () -> run(admin, "RESET DATABASE preview TO SOURCE"));
    assertThat(column(admin, "SHOW JOBS", "state")).containsOnly("succeeded");
  }

  @Test
  void dropByForceFreesTheDependentsFirst() {
    run(admin, "CLONE DATABASE a FROM prod WITH (materialize = 'manual')");
    run(admin, "CLONE DATABASE b FROM prod WITH (materialize = 'manual')");
    run(admin, "CLONE DATABASE c FROM a WITH (materialize = 'manual')");
    run(admin, "DROP DATABASE prod FORCE");
    for (String name : new String[] {"a", "b", "c"}) {
      assertThat(column(engine.admin("acme", name), "SELECT id FROM orders ORDER BY id", "id"))
          .containsExactly(1L, 2L);
    }
    assertThat(column(admin, "SHOW DATABASE LINEAGE FOR c", "name")).containsExactly("c", "a");
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(admin, "DROP DATABASE prod FORCE"));
    run(admin, "DROP DATABASE IF EXISTS prod FORCE");
    refused(
        ErrorCode.CANNOT_DROP_DEFAULT_DATABASE, () -> run(admin, "DROP DATABASE default FORCE"));
  }

  @Test
  void aDropByForceThatFailsLeavesTheMirrorsFollowing() throws IOException {
    run(admin, "MIRROR DATABASE copy FROM prod");
    run(admin, "CLONE DATABASE a FROM prod WITH (materialize = 'manual')");
    Path hidden = hideADataFile();
    refused(ErrorCode.STORAGE_ERROR, () -> run(admin, "DROP DATABASE prod FORCE"));
    assertThat(state("copy")).isEqualTo(MirrorState.FOLLOWING);
    Files.move(hidden, shown(hidden));
    run(admin, "DROP DATABASE prod FORCE");
    assertThat(state("copy")).isEqualTo(MirrorState.DETACHED);
    assertThat(column(engine.admin("acme", "copy"), "SELECT id FROM orders ORDER BY id", "id"))
        .containsExactly(1L, 2L);
    assertThat(column(admin, "SHOW DATABASE LINEAGE FOR copy", "name")).containsExactly("copy");
  }

  @Test
  void aDropByForceThatIsCutOffGivesItsMirrorsTheirFilesInTheBackground() throws IOException {
    run(admin, "MIRROR DATABASE copy FROM prod");
    Path hidden = hideADataFile();
    run(admin, "DROP DATABASE prod FORCE");
    assertThat(admin.notices()).extracting("code").containsExactly("STORAGE_ERROR");
    assertThat(column(admin, "SHOW DATABASES", "name")).doesNotContain("prod");
    assertThat(state("copy")).isEqualTo(MirrorState.DETACHED);
    assertThat(column(admin, "SHOW JOBS", "state")).containsExactly("queued");
    Files.move(hidden, shown(hidden));
    try (Maintenance _ =
        new Maintenance(
            engine.metastore(), engine.lake(), MaintenanceOptions.DEFAULT, () -> Long.MAX_VALUE)) {
      Awaitility.await().until(() -> run(admin, "SHOW DATABASE LINEAGE FOR copy").size() == 1);
    }
    assertThat(column(engine.admin("acme", "copy"), "SELECT id FROM orders ORDER BY id", "id"))
        .containsExactly(1L, 2L);
    assertThat(run(admin, "SHOW AUDIT IN DATABASE copy WHERE event_type = 'database_materialized'"))
        .singleElement()
        .satisfies(event -> assertThat(event.get("user")).isEqualTo("admin"));
  }

  /** Takes a file that the table reads away, so that it cannot be copied. */
  private Path hideADataFile() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("warehouse"))) {
      Path file =
          files
              .filter(path -> path.toString().endsWith(".parquet"))
              .max(Comparator.comparingLong(path -> path.toFile().lastModified()))
              .orElseThrow();
      return Files.move(file, file.resolveSibling(file.getFileName() + HIDDEN));
    }
  }

  private static Path shown(Path hidden) {
    String name = hidden.getFileName().toString();
    return hidden.resolveSibling(name.substring(0, name.length() - HIDDEN.length()));
  }

  private MirrorState state(String mirror) {
    return engine
        .metastore()
        .read(tx -> tx.mirrors().get(tx.databases().get(new DatabaseName(mirror)).id()).state());
  }

  @Test
  void materializingInTheMiddleMakesRoomForMoreClones() {
    String from = "prod";
    for (int depth = 1; depth <= 8; depth++) {
      run(admin, "CLONE DATABASE c" + depth + " FROM " + from + " WITH (materialize = 'manual')");
      from = "c" + depth;
    }
    refused(ErrorCode.CLONE_DEPTH_EXCEEDED, () -> run(admin, "CLONE DATABASE c9 FROM c8"));
    run(admin, "ALTER DATABASE c4 MATERIALIZE");
    run(admin, "CLONE DATABASE c9 FROM c8");
    assertThat(column(engine.admin("acme", "c9"), "SELECT id FROM orders ORDER BY id", "id"))
        .containsExactly(1L, 2L);
  }

  @Test
  void clonesAreMaterializedInTheBackgroundUnlessToldOtherwise() {
    run(admin, "CLONE DATABASE a FROM prod");
    assertThat(column(admin, "SHOW JOBS", "kind")).containsExactly("materialize");
    run(admin, "CLONE DATABASE b FROM prod WITH (materialize = 'manual')");
    assertThat(column(admin, "SHOW JOBS", "kind")).hasSize(1);
    refused(
        ErrorCode.NOT_SUPPORTED,
        () -> run(admin, "CLONE DATABASE c FROM prod WITH (materialize = 'never')"));
  }

  @Test
  void aTimeToExpireIsShown() {
    run(admin, "CREATE DATABASE scratch WITH (expires_after = '2h')");
    run(admin, "CLONE DATABASE preview FROM prod WITH (expires_after = '7d')");
    assertThat(column(admin, "SHOW DATABASES", "expires_at").stream().filter(at -> at != null))
        .hasSize(2);
    refused(
        ErrorCode.INVALID_PARAMETER,
        () -> run(admin, "CREATE DATABASE never WITH (expires_after = 'soon')"));
  }

  @Test
  void whoMayNotIsRefused() {
    run(admin, "CREATE USER ann PASSWORD 'another long password' TENANT acme");
    run(prod, "GRANT SELECT ON TABLE orders TO USER ann");
    Session ann = engine.open("ann", "another long password", "prod");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "ALTER DATABASE prod MATERIALIZE"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "DROP DATABASE prod FORCE"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "SHOW JOBS"));
  }
}
