package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the roles on a database give, to whom, from when on, and what they never reach. */
final class DatabaseRolesTest {
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
    run(admin, "CREATE DATABASE staging FOR TENANT acme");
    prod = engine.admin("acme", "prod");
    run(prod, "CREATE TABLE orders (id BIGINT)");
    run(prod, "INSERT INTO orders VALUES (1)");
    for (String user : List.of("ann", "bob")) {
      run(admin, "CREATE USER " + user + " PASSWORD '" + PASSWORD + "' TENANT acme");
    }
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private Session open(String user, String database) {
    return engine.open(user, PASSWORD, database);
  }

  @Test
  void aReaderReadsWhatIsThereAndWhatComesAndChangesNothing() {
    refused(ErrorCode.ACCESS_DENIED, () -> open("ann", "prod"));
    run(admin, "GRANT DATABASE_READER ON DATABASE prod TO ann");
    Session ann = open("ann", "prod");
    assertThat(run(ann, "SELECT * FROM orders")).hasSize(1);
    run(prod, "CREATE SCHEMA later");
    run(prod, "CREATE VIEW later.v AS SELECT id FROM orders");
    assertThat(run(ann, "SELECT * FROM later.v")).hasSize(1);
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "INSERT INTO orders VALUES (2)"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "DELETE FROM orders"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "CREATE TABLE mine (i INTEGER)"));
    refused(ErrorCode.ACCESS_DENIED, () -> open("ann", "staging"));
  }

  @Test
  void anEditorChangesRowsAndAnOwnerAlsoTablesAndTheDatabaseItself() {
    run(admin, "GRANT DATABASE_EDITOR ON DATABASE prod TO ann");
    run(admin, "GRANT DATABASE_OWNER ON DATABASE prod TO bob");
    Session ann = open("ann", "prod");
    run(ann, "INSERT INTO orders VALUES (2)");
    run(ann, "UPDATE orders SET id = 3 WHERE id = 2");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "ALTER TABLE orders ADD COLUMN c INTEGER"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "ALTER DATABASE prod RENAME TO mine"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "ALTER DATABASE prod SET IDLE_TIMEOUT 5"));
    Session bob = open("bob", "prod");
    run(bob, "ALTER TABLE orders ADD COLUMN c INTEGER");
    run(bob, "ALTER DATABASE prod SET IDLE_TIMEOUT 1800");
    run(bob, "ALTER DATABASE prod RENAME TO live");
    run(admin, "GRANT DATABASE_OWNER ON DATABASE staging TO bob");
    run(bob, "GRANT SELECT ON DATABASE staging TO USER ann");
    assertThat(open("ann", "staging").database().value()).isEqualTo("staging");
    run(bob, "REVOKE DATABASE_EDITOR ON DATABASE live FROM ann");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "SELECT * FROM orders"));
  }

  @Test
  void aRevokeHoldsFromTheNextStatementOn() {
    run(admin, "GRANT DATABASE_READER ON DATABASE prod TO ann");
    Session ann = open("ann", "prod");
    assertThat(run(ann, "SELECT * FROM orders")).hasSize(1);
    run(admin, "REVOKE DATABASE_READER ON DATABASE prod FROM ann");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "SELECT * FROM orders"));
    refused(ErrorCode.ACCESS_DENIED, () -> open("ann", "prod"));
    run(admin, "REVOKE DATABASE_READER ON DATABASE prod FROM ann");
    assertThat(admin.notices()).extracting("code").containsExactly("UNCHANGED");
  }

  @Test
  void groupsAndRolesHoldThemTooAndShowGrantsTells() {
    run(prod, "CREATE GROUP team");
    run(prod, "CREATE ROLE analyst");
    run(prod, "ADD USER ann TO GROUP team");
    run(prod, "GRANT ROLE analyst TO USER bob");
    run(prod, "GRANT DATABASE_READER ON DATABASE prod TO GROUP team");
    run(prod, "GRANT DATABASE_EDITOR ON DATABASE prod TO ROLE analyst");
    Session ann = open("ann", "prod");
    assertThat(run(ann, "SELECT * FROM orders")).hasSize(1);
    run(open("bob", "prod"), "INSERT INTO orders VALUES (2)");
    assertThat(run(ann, "SHOW GRANTS").getFirst())
        .containsEntry("grantee_kind", "GROUP")
        .containsEntry("grantee", "team")
        .containsEntry("privilege", "DATABASE_READER")
        .containsEntry("database", "prod");
    assertThat(column(prod, "SHOW GRANTS FOR USER bob", "privilege")).contains("DATABASE_EDITOR");
    assertThat(column(prod, "SHOW GRANTS FOR GROUP team", "privilege"))
        .containsExactly("DATABASE_READER");
    assertThat(column(prod, "SHOW GRANTS FOR ROLE analyst", "privilege"))
        .containsExactly("DATABASE_EDITOR");
    run(prod, "REMOVE USER ann FROM GROUP team");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "SELECT * FROM orders"));
    run(prod, "DROP ROLE analyst");
    refused(ErrorCode.ACCESS_DENIED, () -> open("bob", "prod"));
  }

  @Test
  void rowFiltersAndMasksHoldForEveryDatabaseRole() {
    run(prod, "INSERT INTO orders VALUES (2)");
    run(prod, "CREATE ROW FILTER one ON orders USING (id = 1)");
    run(admin, "GRANT DATABASE_OWNER ON DATABASE prod TO ann");
    assertThat(run(open("ann", "prod"), "SELECT * FROM orders")).hasSize(1);
  }

  @Test
  void aRoleReachesNoOtherTenantsSpaceAndNobodyWithoutOne() {
    run(admin, "CREATE TENANT globex");
    run(admin, "CREATE USER gil PASSWORD '" + PASSWORD + "' TENANT globex");
    refused(
        ErrorCode.INVALID_PARAMETER,
        () -> run(admin, "GRANT DATABASE_READER ON DATABASE prod TO gil"));
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> open("gil", "prod"));
    run(admin, "GRANT DATABASE_OWNER ON DATABASE prod TO ann");
    Session ann = open("ann", "prod");
    refused(
        ErrorCode.PRINCIPAL_NOT_FOUND,
        () -> run(ann, "GRANT DATABASE_READER ON DATABASE prod TO gil"));
    refused(
        ErrorCode.DATABASE_NOT_FOUND,
        () -> run(ann, "GRANT DATABASE_READER ON DATABASE default TO bob"));
  }

  @Test
  void aClusterAdminAdministersDatabasesAndSeesNothingInThem() {
    run(admin, "CREATE USER cleo PASSWORD '" + PASSWORD + "'");
    refused(ErrorCode.ACCESS_DENIED, () -> open("cleo", "default"));
    run(admin, "GRANT ROLE cluster_admin TO USER cleo");
    Session cleo = open("cleo", "default");
    run(cleo, "CREATE DATABASE fresh FOR TENANT acme");
    assertThat(column(cleo, "SHOW DATABASES", "name")).contains("fresh", "prod", "default");
    refused(ErrorCode.ACCESS_DENIED, () -> run(cleo, "DROP DATABASE fresh"));
    Session inside = engine.open("cleo", PASSWORD, Optional.of("acme"), Optional.of("prod"));
    assertThat(run(inside, "SHOW TABLES")).isEmpty();
    refused(ErrorCode.ACCESS_DENIED, () -> run(inside, "SELECT * FROM orders"));
    run(cleo, "GRANT DATABASE_READER ON DATABASE prod TO ann");
    refused(
        ErrorCode.ACCESS_DENIED, () -> run(cleo, "GRANT DATABASE_READER ON DATABASE prod TO cleo"));
    run(admin, "CREATE ROLE readers");
    run(admin, "GRANT ROLE readers TO USER cleo");
    refused(
        ErrorCode.ACCESS_DENIED,
        () -> run(cleo, "GRANT DATABASE_READER ON DATABASE prod TO ROLE readers"));
    refused(ErrorCode.ACCESS_DENIED, () -> run(inside, "SELECT * FROM orders"));
    run(admin, "REVOKE ROLE cluster_admin FROM USER cleo");
    refused(ErrorCode.ACCESS_DENIED, () -> run(cleo, "CREATE DATABASE other"));
  }

  @Test
  void clusterAdminIsARoleOfTheServersOwn() {
    refused(ErrorCode.INVALID_PARAMETER, () -> run(admin, "GRANT ROLE cluster_admin TO USER ann"));
    refused(ErrorCode.INVALID_NAME, () -> run(prod, "CREATE ROLE cluster_admin"));
    refused(ErrorCode.INVALID_NAME, () -> run(admin, "DROP ROLE cluster_admin"));
    run(prod, "GRANT ROLE tenant_admin TO USER ann");
    Session ann = open("ann", "prod");
    refused(ErrorCode.ACCESS_DENIED, () -> run(ann, "GRANT ROLE cluster_admin TO USER bob"));
  }

  @Test
  void creatingADatabaseGrantsItsCreatorNothing() {
    run(admin, "CREATE USER cleo PASSWORD '" + PASSWORD + "'");
    run(admin, "GRANT ROLE cluster_admin TO USER cleo");
    Session cleo = open("cleo", "default");
    run(cleo, "CREATE DATABASE fresh FOR TENANT acme");
    assertThat(run(cleo, "SHOW GRANTS")).isEmpty();
    refused(ErrorCode.ACCESS_DENIED, () -> run(cleo, "ALTER DATABASE fresh RENAME TO mine"));
  }

  @Test
  void theNameOfAnotherDatabasesTableAnswersAsOneThatExistsNowhere() {
    run(admin, "GRANT DATABASE_READER ON DATABASE staging TO ann");
    Session staging = open("ann", "staging");
    assertThat(error(staging, "SELECT * FROM orders"))
        .isEqualTo(error(staging, "SELECT * FROM ordexs").replace("ordexs", "orders"));
    assertThat(error(staging, "SELECT * FROM prod.main.orders"))
        .isEqualTo(error(staging, "SELECT * FROM prox.main.orders").replace("prox", "prod"));
    assertThat(error(staging, "INSERT INTO orders VALUES (1)"))
        .isEqualTo(error(staging, "INSERT INTO ordexs VALUES (1)").replace("ordexs", "orders"));
  }

  @Test
  void tablesOfOneNameInTwoDatabasesAreIndependent() {
    Session staging = engine.admin("acme", "staging");
    run(staging, "CREATE TABLE orders (other VARCHAR)");
    run(staging, "INSERT INTO orders VALUES ('x'), ('y')");
    assertThat(column(prod, "SELECT * FROM orders", "id")).containsExactly(1L);
    run(staging, "DROP TABLE orders");
    assertThat(column(prod, "SELECT * FROM orders", "id")).containsExactly(1L);
  }

  @Test
  void theRolesStayWithADroppedDatabaseAndDoNotGoAlongIntoAClone() {
    run(admin, "GRANT DATABASE_READER ON DATABASE prod TO ann");
    run(admin, "CLONE DATABASE preview FROM prod");
    refused(ErrorCode.ACCESS_DENIED, () -> open("ann", "preview"));
    run(admin, "DROP DATABASE preview CASCADE");
    run(admin, "DROP DATABASE prod CASCADE");
    run(admin, "CREATE DATABASE prod FOR TENANT acme");
    refused(ErrorCode.ACCESS_DENIED, () -> open("ann", "prod"));
    run(admin, "DROP DATABASE prod");
    engine
        .metastore()
        .write(tx -> {
          tx.databases().undrop(new dev.polder.model.DatabaseId(1024));
          return tx;
        });
    assertThat(run(open("ann", "prod"), "SELECT * FROM orders")).hasSize(1);
  }

  private static String error(Session session, String sql) {
    Throwable thrown = catchThrowable(() -> run(session, sql));
    assertThat(thrown)
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.COLLECTION_NOT_FOUND));
    return String.valueOf(thrown.getMessage());
  }
}
