package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupStatementsTest {
  private static final String PASSWORD = "another long password";

  private Path directory;
  private EngineHarness engine;
  private Session admin;
  private Session prod;

  @BeforeEach
  void start(@TempDir Path directory) {
    this.directory = directory;
    engine = new EngineHarness(directory);
    admin = engine.admin();
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE DATABASE prod FOR TENANT acme");
    prod = engine.admin("acme", "prod");
    run(prod, "CREATE TABLE orders (id BIGINT, region VARCHAR)");
    run(prod, "INSERT INTO orders VALUES (1, 'eu'), (2, 'us')");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void aDroppedDatabaseComesBackWithItsTablesViewsAndRights() {
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "CREATE USER bob PASSWORD '" + PASSWORD + "' TENANT acme");
    run(prod, "CREATE VIEW numbers AS SELECT id FROM orders");
    run(prod, "CREATE SCHEMA s");
    run(prod, "CREATE TABLE s.parts (id BIGINT, kind VARCHAR) PARTITIONED BY (kind)");
    run(prod, "INSERT INTO s.parts VALUES (1, 'a'), (2, 'b'), (3, 'b')");
    run(prod, "DELETE FROM s.parts WHERE id = 2");
    run(prod, "ALTER TABLE s.parts RENAME COLUMN id TO number");
    run(prod, "GRANT SELECT ON TABLE orders TO USER ann");
    run(prod, "CREATE ROW FILTER eu_only ON orders USING (region = 'eu')");
    run(prod, "CREATE COLUMN MASK no_region ON orders (region) USING (NULL)");
    run(admin, "GRANT DATABASE_READER ON DATABASE prod TO bob");
    run(admin, "ALTER DATABASE prod SET IDLE_TIMEOUT 900");
    Map<String, Object> made = run(admin, "BACKUP DATABASE prod TO 'nightly'").getFirst();
    assertThat(made).containsEntry("tables", 2L).containsEntry("views", 1L);
    run(admin, "DROP DATABASE prod CASCADE");
    Map<String, Object> restored = run(admin, "RESTORE DATABASE prod FROM 'nightly'").getFirst();
    assertThat(restored)
        .containsEntry("backup_of", "prod")
        .containsEntry("replaces", false)
        .containsEntry("missing", "");
    Session again = engine.admin("acme", "prod");
    assertThat(column(again, "SELECT number FROM s.parts ORDER BY 1", "number"))
        .containsExactly(1L, 3L);
    Session ann = engine.open("ann", PASSWORD, "prod");
    assertThat(column(ann, "SELECT id FROM orders", "id")).containsExactly(1L);
    assertThat(column(ann, "SELECT region FROM orders", "region")).containsOnlyNulls();
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "SELECT * FROM s.parts"));
    Session bob = engine.open("bob", PASSWORD, "prod");
    assertThat(run(bob, "SELECT * FROM s.parts")).hasSize(2);
    assertThat(run(bob, "SELECT * FROM numbers")).hasSize(1);
    run(again, "INSERT INTO orders VALUES (3, 'eu')");
    assertThat(run(ann, "SELECT * FROM orders")).hasSize(2);
    assertThat(column(admin, "SHOW BACKUPS", "database")).containsExactly("prod");
  }

  /** Backed up, dropped and restored. */
  private void there() {
    run(admin, "BACKUP DATABASE prod TO 'settings'");
    run(admin, "DROP DATABASE prod CASCADE");
    run(admin, "RESTORE DATABASE prod FROM 'settings'");
  }

  private Database prod() {
    return engine.metastore().read(tx -> tx.databases().get(new DatabaseName("prod")));
  }

  @Test
  void aRestoreBringsTheQuotasOfTheDatabaseAndItsTenantsBack() {
    run(
        admin,
        "ALTER DATABASE prod SET QUOTA (max_qps = 900, max_connections = 70, priority_class ="
            + " 'bulk')");
    run(admin, "ALTER TENANT acme IN DATABASE prod SET QUOTA (max_qps = 400)");
    List<Map<String, Object>> database = run(admin, "SHOW DATABASE QUOTA FOR prod");
    List<Map<String, Object>> tenant = run(admin, "SHOW TENANT QUOTA FOR acme IN DATABASE prod");
    there();
    assertThat(run(admin, "SHOW DATABASE QUOTA FOR prod")).isEqualTo(database);
    assertThat(run(admin, "SHOW TENANT QUOTA FOR acme IN DATABASE prod")).isEqualTo(tenant);
    assertThat(database).extracting("priority_class").containsOnly("bulk");
    assertThat(tenant).extracting("limit").contains("400");
  }

  @Test
  void aRestoreBringsTheAuditOfRowsBack() {
    run(admin, "ALTER DATABASE prod SET AUDIT_DML = 'writes'");
    there();
    assertThat(prod().auditDml().word()).isEqualTo("writes");
    run(engine.admin("acme", "prod"), "INSERT INTO orders VALUES (3, 'eu')");
    assertThat(run(admin, "SHOW AUDIT IN DATABASE prod WHERE event_type = 'dml'")).hasSize(1);
  }

  @Test
  void aRestoreBringsTheIdleTimeoutBack() {
    run(admin, "ALTER DATABASE prod SET IDLE_TIMEOUT 900");
    there();
    DatabaseId restored = prod().id();
    long timeout = engine.metastore().read(tx -> tx.databases().idleTimeout(restored));
    assertThat(timeout).isEqualTo(900);
  }

  @Test
  void aRestoreBringsTheDatabaseRolesBack() {
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "CREATE USER bob PASSWORD '" + PASSWORD + "' TENANT acme");
    run(prod, "CREATE GROUP writers");
    run(prod, "ADD USER bob TO GROUP writers");
    run(admin, "GRANT DATABASE_OWNER ON DATABASE prod TO ann");
    run(prod, "GRANT DATABASE_EDITOR ON DATABASE prod TO GROUP writers");
    there();
    Session ann = engine.open("ann", PASSWORD, "prod");
    run(ann, "ALTER DATABASE prod SET IDLE_TIMEOUT 60");
    Session bob = engine.open("bob", PASSWORD, "prod");
    run(bob, "INSERT INTO orders VALUES (3, 'eu')");
    refused(ErrorCode.ACCESS_DENIED, () -> run(bob, "ALTER DATABASE prod SET IDLE_TIMEOUT 0"));
  }

  @Test
  void transfersBetweenTablesAreWholeInABackupThatIsMadeMeanwhile() throws Exception {
    run(prod, "CREATE TABLE a (v BIGINT)");
    run(prod, "CREATE TABLE b (v BIGINT)");
    run(prod, "INSERT INTO a VALUES (1000)");
    run(prod, "INSERT INTO b VALUES (0)");
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> transfers =
          threads.submit(() -> {
            Session writer = engine.admin("acme", "prod");
            while (!done.get()) {
              run(writer, "BEGIN");
              run(writer, "INSERT INTO a VALUES (-1)");
              run(writer, "INSERT INTO b VALUES (1)");
              run(writer, "COMMIT");
            }
          });
      for (int i = 0; i < 3; i++) {
        run(admin, "BACKUP DATABASE prod TO 'load" + i + "'");
      }
      done.set(true);
      transfers.get();
    }
    for (int i = 0; i < 3; i++) {
      run(admin, "RESTORE DATABASE r" + i + " FROM 'load" + i + "'");
      Session restored = engine.admin("acme", "r" + i);
      assertThat(
              run(
                  restored,
                  "SELECT (SELECT sum(v) FROM a)::BIGINT + (SELECT sum(v) FROM b)::BIGINT AS n"))
          .containsExactly(Map.of("n", 1000L));
    }
  }

  @Test
  void onlyOwnersBackUpAndOnlySuperusersRestore() {
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "GRANT DATABASE_EDITOR ON DATABASE prod TO ann");
    Session ann = engine.open("ann", PASSWORD, "prod");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "BACKUP DATABASE prod TO 'x'"));
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(ann, "BACKUP DATABASE nothing TO 'x'"));
    run(admin, "GRANT DATABASE_OWNER ON DATABASE prod TO ann");
    for (String foreign : List.of("x", "other/x", "prod", "production/x", "prod/../other/x")) {
      refused(
          ErrorCode.INVALID_PARAMETER, () -> run(ann, "BACKUP DATABASE prod TO '" + foreign + "'"));
    }
    run(ann, "BACKUP DATABASE prod TO 'prod/x'");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "RESTORE DATABASE prod FROM 'x' FORCE"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "RESTORE DATABASE prod FROM 'x' DRY RUN"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "SHOW BACKUPS"));
    run(admin, "BEGIN");
    refused(ErrorCode.TRANSACTION_ACTIVE, () -> run(admin, "BACKUP DATABASE prod TO 'y'"));
    run(admin, "ROLLBACK");
    refused(ErrorCode.INVALID_PARAMETER, () -> run(ann, "BACKUP DATABASE prod TO '../y'"));
    assertThat(column(admin, "SHOW AUDIT IN DATABASE prod", "event_type"))
        .contains("database_backed_up");
    assertThat(column(admin, "SHOW JOBS", "kind")).contains("backup");
  }

  @Test
  void aDryRunTellsAndWritesNothing() throws IOException {
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
    run(prod, "GRANT SELECT ON TABLE orders TO USER ann");
    run(admin, "BACKUP DATABASE prod TO 'x'");
    run(admin, "DROP USER ann");
    run(admin, "DROP DATABASE prod CASCADE");
    Map<String, String> before = content();
    Map<String, Object> row = run(admin, "RESTORE DATABASE other FROM 'x' DRY RUN").getFirst();
    assertThat(row)
        .containsEntry("tables", 1L)
        .containsEntry("missing", "user ann")
        .containsEntry("new_tenants", "");
    assertThat(content()).isEqualTo(before);
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> engine.admin("acme", "other"));
    run(admin, "RESTORE DATABASE other FROM 'x'");
    assertThat(run(engine.admin("acme", "other"), "SELECT * FROM orders")).hasSize(2);
  }

  /** All files of the warehouse and all backups. */
  private Map<String, String> content() throws IOException {
    Map<String, String> content = new TreeMap<>();
    for (String part : List.of("warehouse", "backups")) {
      try (Stream<Path> files = Files.walk(directory.resolve(part))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          content.put(
              file.toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
        }
      }
    }
    return content;
  }

  @Test
  void forceReplacesWhatIsThere() {
    run(admin, "BACKUP DATABASE prod TO 'x'");
    run(prod, "INSERT INTO orders VALUES (3, 'eu')");
    run(prod, "CREATE TABLE later (id BIGINT)");
    refused(ErrorCode.DATABASE_EXISTS, () -> run(admin, "RESTORE DATABASE prod FROM 'x'"));
    run(admin, "RESTORE DATABASE prod FROM 'x' FORCE");
    assertThat(run(prod, "SELECT * FROM orders")).hasSize(2);
    refused(ErrorCode.COLLECTION_NOT_FOUND, () -> run(prod, "SELECT * FROM later"));
    assertThat(run(prod, "SELECT * FROM orders AT (VERSION => 3)")).hasSize(3);
    run(admin, "RESTORE DATABASE prod FROM 'x' FORCE");
    assertThat(run(prod, "SELECT * FROM orders")).hasSize(2);
  }
}
