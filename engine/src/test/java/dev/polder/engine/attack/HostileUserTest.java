package dev.polder.engine.attack;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.model.ErrorCode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user with few rights tried against the engine, each once with success. */
class HostileUserTest {
  private static final String PASSWORD = "a long test password";

  @TempDir Path directory;
  private EngineHarness harness;
  private Session boss;
  private Session ann;

  @BeforeEach
  void start() {
    harness = new EngineHarness(directory);
    Session admin = harness.admin();
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE DATABASE db FOR TENANT acme WITH (kind = 'lake')");
    run(admin, "CREATE USER boss PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "GRANT ROLE tenant_admin TO USER boss");
    run(admin, "GRANT ALL ON DATABASE db TENANT acme TO USER boss");
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
    boss = harness.open("boss", PASSWORD, "db");
    run(boss, "CREATE TABLE mine (x INT, y VARCHAR)");
    run(boss, "INSERT INTO mine VALUES (1, 'one')");
    run(boss, "GRANT SELECT, INSERT, UPDATE, DELETE ON mine TO USER ann");
    run(boss, "CREATE TABLE secret (k INT, v VARCHAR)");
    run(boss, "INSERT INTO secret VALUES (1, 'top')");
    run(boss, "CREATE SCHEMA own");
    run(boss, "GRANT ALL ON SCHEMA own TO USER ann");
    ann = harness.open("ann", PASSWORD, "db");
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void anExpressionOfAtAsksNothingAboutFiles() {
    String question =
        "SELECT * FROM mine AT (VERSION => (SELECT CASE WHEN v = '%s' THEN 1 END FROM read_parquet('"
            + directory.resolve("warehouse")
            + "/acme/**/*.parquet', union_by_name = true) WHERE v IS NOT NULL))";
    refused(ErrorCode.NOT_SUPPORTED, () -> run(ann, question.formatted("top")));
    refused(ErrorCode.NOT_SUPPORTED, () -> run(ann, question.formatted("something else")));
  }

  @Test
  void anExpressionOfAtCallsAllowedFunctionsOnly() {
    refused(
        ErrorCode.FUNCTION_NOT_ALLOWED,
        () -> run(ann, "SELECT * FROM mine AT (VERSION => length(current_setting('threads')))"));
    refused(
        ErrorCode.NOT_SUPPORTED,
        () -> run(ann, "SELECT * FROM mine AT (VERSION => (SELECT k FROM secret))"));
  }

  @Test
  void theHiddenViewsBehindAViewCannotBeNamed() {
    run(boss, "CREATE SCHEMA \"polder$hidden\"");
    run(boss, "GRANT ALL ON SCHEMA \"polder$hidden\" TO USER ann");
    run(boss, "CREATE VIEW part AS SELECT * FROM secret WHERE false");
    run(boss, "GRANT SELECT ON part TO USER ann");
    run(ann, "CREATE TABLE \"polder$hidden\".v0 (k INT, v VARCHAR)");

    assertThat(run(ann, "SELECT * FROM part UNION ALL SELECT * FROM \"polder$hidden\".v0"))
        .isEmpty();
    refused(
        ErrorCode.COLLECTION_NOT_FOUND,
        () -> run(ann, "SELECT * FROM part, \"polder\u0001hidden\".v0"));
  }

  @Test
  void returningShowsTheNewRowsOnly() {
    assertThat(run(ann, "INSERT INTO mine VALUES (5, 'five') RETURNING *"))
        .containsExactly(java.util.Map.of("x", 5, "y", "five"));
  }

  @Test
  void returningMasksWhatTheWriterMayNotRead() {
    run(boss, "CREATE COLUMN MASK m ON mine (y) USING ('***')");

    assertThat(column(ann, "INSERT INTO mine VALUES (5, 'five') RETURNING *", "y"))
        .containsExactly("***");
  }

  @Test
  void functionsAboutTheSessionNeverTellAboutTheInstance() {
    refused(
        ErrorCode.FUNCTION_NOT_ALLOWED, () -> run(ann, "SELECT system.main.current_database()"));
    refused(ErrorCode.FUNCTION_NOT_ALLOWED, () -> run(ann, "SELECT system.main.version()"));
    run(ann, "CREATE VIEW own.who AS SELECT current_user AS u, current_database() AS d");

    assertThat(run(ann, "SELECT * FROM own.who"))
        .containsExactly(java.util.Map.of("u", "ann", "d", "db"));
    run(boss, "GRANT SELECT ON own.who TO USER boss");
    assertThat(column(boss, "SELECT * FROM own.who", "u")).containsExactly("boss");
  }

  @Test
  void aStagedFileBelongsToItsMaker() {
    run(boss, "COPY secret TO 'secret.csv'");
    run(ann, "CREATE TABLE own.loot (k INT, v VARCHAR)");

    refused(ErrorCode.NOT_FOUND_PATH, () -> run(ann, "COPY own.loot FROM 'secret.csv'"));
    run(ann, "COPY mine TO 'secret.csv'");
    run(boss, "CREATE TABLE copied (k INT, v VARCHAR)");
    run(boss, "COPY copied FROM 'secret.csv'");
    assertThat(column(boss, "SELECT v FROM copied", "v")).containsExactly("top");
  }

  @Test
  void nobodyChangesTheColumnsThatTheirOwnRowFilterReads() {
    run(boss, "CREATE TABLE people (id INT, region VARCHAR) WITH ('format-version' = '3')");
    run(boss, "INSERT INTO people VALUES (1, 'EU'), (2, 'US')");
    run(boss, "CREATE ROW FILTER eu ON people USING (region = 'EU' OR has_role('tenant_admin'))");
    run(boss, "GRANT SELECT, ALTER ON people TO USER ann");

    refused(
        ErrorCode.ACCESS_DENIED, () -> run(ann, "ALTER TABLE people RENAME COLUMN region TO was"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "ALTER TABLE people DROP COLUMN region"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "ALTER TABLE people ADD COLUMN extra INT"));
    assertThat(column(ann, "SELECT id FROM people", "id")).containsExactly(1);
  }

  @Test
  void movingATableDoesNotMakeItReadable() {
    run(boss, "GRANT ALTER, DROP ON secret TO USER ann");

    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "ALTER TABLE secret SET SCHEMA own"));
  }

  @Test
  void aQueryOfWithCannotStandForTheTarget() {
    refused(
        ErrorCode.WRONG_OBJECT_TYPE,
        () ->
            run(
                ann,
                "WITH mine AS (SELECT 0 AS \"$file\", 0::BIGINT AS \"$row\", 1 AS x)"
                    + " DELETE FROM mine WHERE x = 1"));
  }

  @Test
  void propertiesCannotSendFilesElsewhereOrSplitThemToDust() {
    refused(
        ErrorCode.INVALID_PARAMETER,
        () -> run(ann, "CREATE TABLE own.t (a INT) WITH ('write.location-provider.impl' = 'x.Y')"));
    refused(
        ErrorCode.INVALID_PARAMETER,
        () -> run(ann, "CREATE TABLE own.t (a INT) WITH ('write.target-file-size-bytes' = '1')"));
  }
}
