package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CloneStatementsTest {
  private static final String PASSWORD = "another long password";

  private EngineHarness engine;
  private Session admin;
  private Session prod;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE DATABASE prod FOR TENANT acme");
    prod = engine.admin("acme", "prod");
    run(prod, "CREATE TABLE orders (id BIGINT, region VARCHAR)");
    run(prod, "INSERT INTO orders VALUES (1, 'eu'), (2, 'us')");
    run(prod, "CREATE VIEW eu AS SELECT id FROM orders WHERE region = 'eu'");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void aCloneAnswersAsItsSourceAndBothGoTheirOwnWays() {
    run(admin, "CLONE DATABASE preview FROM prod");
    Session preview = engine.admin("acme", "preview");
    assertThat(column(preview, "SELECT id FROM orders ORDER BY id", "id")).containsExactly(1L, 2L);
    assertThat(column(preview, "SELECT id FROM eu", "id")).containsExactly(1L);
    run(preview, "UPDATE orders SET region = 'eu' WHERE id = 2");
    run(preview, "DELETE FROM orders WHERE id = 1");
    run(preview, "INSERT INTO orders VALUES (3, 'eu')");
    run(prod, "INSERT INTO orders VALUES (4, 'eu')");
    assertThat(column(preview, "SELECT id FROM eu ORDER BY id", "id")).containsExactly(2L, 3L);
    assertThat(column(prod, "SELECT id FROM eu ORDER BY id", "id")).containsExactly(1L, 4L);
    run(preview, "DROP VIEW eu");
    run(preview, "DROP TABLE orders");
    assertThat(column(prod, "SELECT count(*) AS n FROM orders", "n")).containsExactly(3L);
  }

  @Test
  void whatACloneSharesIsShownApartFromWhatItIsChargedWith() {
    run(admin, "CLONE DATABASE preview FROM prod WITH (materialize = 'manual')");
    assertThat(used("SHOW DATABASE USAGE FOR prod", "shared_files")).isZero();
    long stored = used("SHOW DATABASE USAGE FOR prod", "storage_bytes");
    assertThat(used("SHOW DATABASE USAGE FOR preview", "storage_bytes")).isZero();
    assertThat(used("SHOW DATABASE USAGE FOR preview", "shared_storage_bytes")).isEqualTo(stored);
    assertThat(used("SHOW DATABASE USAGE FOR preview", "shared_files")).isPositive();
    assertThat(used("SHOW TENANT USAGE FOR acme IN DATABASE preview", "shared_storage_bytes"))
        .isEqualTo(stored);
    run(admin, "ALTER DATABASE preview MATERIALIZE");
    assertThat(used("SHOW DATABASE USAGE FOR preview", "shared_storage_bytes")).isZero();
    assertThat(used("SHOW DATABASE USAGE FOR preview", "storage_bytes")).isPositive();
  }

  private long used(String show, String resource) {
    return run(admin, show).stream()
        .filter(row -> resource.equals(row.get("quota_name")))
        .map(row -> (Long) row.get("current"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aTimeInTheFutureIsRefusedAsAVersionIs() {
    for (String moment :
        new String[] {"FOR VERSION AS OF 1000", "AS OF SYSTEM TIME '2999-01-01 00:00:00'"}) {
      refused(
          ErrorCode.AS_OF_OUT_OF_RANGE,
          () -> run(admin, "CLONE DATABASE later FROM prod " + moment));
    }
  }

  @Test
  void theCloneOfAClonesPastIsReadThroughAsOf() {
    long seq = (long) column(admin, "SHOW DATABASE LINEAGE FOR prod", "database_id").getFirst();
    assertThat(seq).isGreaterThanOrEqualTo(1024);
    run(prod, "INSERT INTO orders VALUES (3, 'eu')");
    run(admin, "CLONE DATABASE a FROM prod AS OF LATEST");
    run(admin, "CLONE DATABASE b FROM a");
    Session b = engine.admin("acme", "b");
    run(b, "INSERT INTO orders VALUES (4, 'eu')");
    assertThat(column(b, "SELECT count(*) AS n FROM orders", "n")).containsExactly(4L);
    assertThat(column(b, "SELECT count(*) AS n FROM orders AT (VERSION => 2)", "n"))
        .containsExactly(2L);
    assertThat(column(b, "SELECT count(*) AS n FROM orders AS OF SYSTEM TIME 1", "n"))
        .describedAs("before the first source")
        .containsExactly(0L);
    assertThat(column(admin, "SHOW DATABASE LINEAGE FOR b", "name"))
        .containsExactly("b", "a", "prod");
  }

  @Test
  void aCloneOfThePastHoldsThatState() {
    run(prod, "INSERT INTO orders VALUES (3, 'eu')");
    run(admin, "CLONE DATABASE past FROM prod FOR VERSION AS OF 2");
    Session past = engine.admin("acme", "past");
    assertThat(column(past, "SELECT count(*) AS n FROM orders", "n")).containsExactly(2L);
    refused(
        ErrorCode.AS_OF_OUT_OF_RANGE,
        () -> run(admin, "CLONE DATABASE never FROM prod AS OF SYSTEM TIME 1"));
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(admin, "CLONE DATABASE never FROM nothing"));
    refused(ErrorCode.DATABASE_EXISTS, () -> run(admin, "CLONE DATABASE past FROM prod"));
    run(admin, "CLONE DATABASE IF NOT EXISTS past FROM prod");
    assertThat(admin.notices()).extracting("code").containsExactly("DATABASE_EXISTS");
  }

  @Test
  void grantsFiltersAndMasksOnObjectsHoldInTheClone() {
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
    run(prod, "GRANT SELECT ON TABLE orders TO USER ann");
    run(prod, "CREATE ROW FILTER eu_only ON orders USING (region = 'eu')");
    run(prod, "CREATE COLUMN MASK no_region ON orders (region) USING (NULL)");
    run(admin, "CLONE DATABASE preview FROM prod");
    Session ann = engine.open("ann", PASSWORD, "preview");
    assertThat(run(ann, "SELECT * FROM orders")).hasSize(1);
    assertThat(column(ann, "SELECT region FROM orders", "region")).containsOnlyNulls();
    assertThat(run(ann, "SELECT * FROM orders AT (VERSION => 2)"))
        .describedAs("the source's past, under the clone's filter")
        .hasSize(1);
    run(engine.admin("acme", "preview"), "REVOKE SELECT ON TABLE orders FROM USER ann");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "SELECT * FROM orders AT (VERSION => 2)"));
    Session still = engine.open("ann", PASSWORD, "prod");
    assertThat(run(still, "SELECT * FROM orders")).hasSize(1);
  }

  @Test
  void aSourceIsNotDroppedUnderItsClones() {
    run(admin, "CLONE DATABASE preview FROM prod");
    assertThatThrownBy(() -> run(admin, "DROP DATABASE prod CASCADE"))
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLONE_DEPENDENCY))
        .hasMessageContaining("preview");
    run(admin, "DROP DATABASE preview CASCADE");
    run(admin, "DROP DATABASE prod CASCADE");
    assertThat(column(admin, "SHOW DATABASES", "name")).containsExactly("default");
  }

  @Test
  void aDropIsTakenBackWithAllThatWasInIt() {
    run(admin, "DROP DATABASE prod CASCADE");
    run(admin, "UNDROP DATABASE prod");
    Session again = engine.admin("acme", "prod");
    assertThat(column(again, "SELECT count(*) AS n FROM orders", "n")).containsExactly(2L);
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(admin, "UNDROP DATABASE prod"));
    run(admin, "DROP DATABASE prod CASCADE");
    run(admin, "CREATE DATABASE prod FOR TENANT acme");
    refused(ErrorCode.DATABASE_EXISTS, () -> run(admin, "UNDROP DATABASE prod"));
  }

  @Test
  void aResetCloneHasTheSourcesNewestState() {
    run(admin, "CLONE DATABASE preview FROM prod");
    Session preview = engine.admin("acme", "preview");
    run(preview, "DELETE FROM orders");
    run(preview, "CREATE TABLE own (i INTEGER)");
    run(prod, "INSERT INTO orders VALUES (3, 'eu')");
    run(admin, "RESET DATABASE preview TO SOURCE");
    assertThat(column(preview, "SELECT count(*) AS n FROM orders", "n")).containsExactly(3L);
    assertThat(column(preview, "SHOW TABLES", "name")).containsExactly("eu", "orders");
    refused(ErrorCode.WRONG_OBJECT_TYPE, () -> run(admin, "RESET DATABASE prod TO SOURCE"));
  }

  @Test
  void whatAResetPutInPlaceGovernsThePastToo() {
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
    run(prod, "GRANT SELECT ON TABLE orders TO USER ann");
    run(admin, "CLONE DATABASE preview FROM prod WITH (materialize = 'manual')");
    Session preview = engine.admin("acme", "preview");
    run(preview, "INSERT INTO orders VALUES (3, 'us')");
    run(admin, "RESET DATABASE preview TO SOURCE");
    Session ann = engine.open("ann", PASSWORD, "preview");
    String past = "SELECT * FROM orders AT (VERSION => 5)";
    assertThat(run(ann, past)).hasSize(3);
    run(preview, "CREATE ROW FILTER eu_only ON orders USING (region = 'eu')");
    assertThat(run(ann, past)).hasSize(1);
    run(preview, "REVOKE SELECT ON TABLE orders FROM USER ann");
    run(preview, "GRANT SELECT ON TABLE eu TO USER ann");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, past));
  }

  @Test
  void aDiffTellsWhatIsNotShared() {
    run(admin, "CLONE DATABASE preview FROM prod");
    assertThat(run(admin, "SHOW DATABASE DIFF prod, preview")).isEmpty();
    Session preview = engine.admin("acme", "preview");
    run(preview, "INSERT INTO orders VALUES (3, 'eu')");
    run(preview, "CREATE TABLE own (i INTEGER)");
    run(preview, "DROP VIEW eu");
    assertThat(run(admin, "SHOW DATABASE DIFF prod, preview"))
        .extracting(row ->
            row.get("name")
                + " "
                + row.get("change")
                + " "
                + row.get("rows_left")
                + " "
                + row.get("rows_right"))
        .containsExactly("eu removed null null", "orders changed 2 3", "own added null 0");
  }

  @Test
  void aDryRunCountsAndLeavesNothing() {
    Map<String, Object> row = run(admin, "CLONE DATABASE preview FROM prod DRY RUN").getFirst();
    assertThat(row)
        .containsEntry("tables", 1L)
        .containsEntry("views", 1L)
        .containsEntry("depth", 1L);
    assertThat((long) row.get("files")).isPositive();
    assertThat((long) row.get("bytes")).isPositive();
    assertThat(column(admin, "SHOW DATABASES", "name")).doesNotContain("preview");
  }

  @Test
  void onlyASuperuserClonesResetsUndropsAndCompares() {
    run(admin, "CREATE USER boss PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "GRANT ROLE tenant_admin TO USER boss");
    run(admin, "CLONE DATABASE preview FROM prod");
    Session boss = engine.open("boss", PASSWORD, "prod");
    for (String statement :
        new String[] {
          "CLONE DATABASE x FROM prod",
          "CLONE DATABASE x FROM prod DRY RUN",
          "RESET DATABASE preview TO SOURCE",
          "UNDROP DATABASE prod",
          "ALTER DATABASE prod RENAME TO other",
          "SHOW DATABASE DIFF prod, preview"
        }) {
      refused(ErrorCode.ACCESS_DENIED, () -> run(boss, statement));
    }
    refused(ErrorCode.ACCESS_DENIED, () -> run(boss, "SHOW DATABASE LINEAGE FOR preview"));
    run(admin, "GRANT DATABASE_READER ON DATABASE preview TO boss");
    assertThat(column(boss, "SHOW DATABASE LINEAGE FOR preview", "name"))
        .containsExactly("preview", "prod");
    run(admin, "CREATE USER stranger PASSWORD '" + PASSWORD + "' TENANT acme");
    run(prod, "GRANT SELECT ON orders TO USER stranger");
    Session stranger = engine.open("stranger", PASSWORD, "prod");
    refused(
        ErrorCode.DATABASE_NOT_FOUND, () -> run(stranger, "SHOW DATABASE LINEAGE FOR \"default\""));
  }

  @Test
  void aRenamedDefaultDatabaseStaysTheDefaultAndUndroppable() {
    run(admin, "ALTER DATABASE \"default\" RENAME TO home");
    refused(ErrorCode.CANNOT_DROP_DEFAULT_DATABASE, () -> run(admin, "DROP DATABASE home CASCADE"));
    run(admin, "CREATE DATABASE \"default\" FOR TENANT \"default\"");
    assertThat(engine.admin().database().value()).isEqualTo("home");
    run(admin, "DROP DATABASE \"default\"");
    run(admin, "ALTER DATABASE home RENAME TO \"default\"");
  }
}
