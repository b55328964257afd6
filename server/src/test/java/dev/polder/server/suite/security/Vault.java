package dev.polder.server.suite.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.suite.TestServer;
import dev.polder.server.suite.TestSession;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Two tenants with things to hide, and mallory of the first one, who may see little of it. Owned by
 * one test class.
 */
@SuppressWarnings("try")
final class Vault implements AutoCloseable {
  static final String TENANT = "acme";
  static final String DATABASE = "acme_vault";
  static final String USER = "mallory";

  private static final List<String> HIDDEN =
      List.of(
          "S3CRET",
          "Harry",
          "7777",
          "Dora",
          "9999",
          "4100",
          "4200",
          "123-45",
          "GOLD-BAR",
          "PLAN-X",
          "globex",
          "private",
          "root:");
  private static final Pattern PRIVATE_CATALOG = Pattern.compile("p_[0-9a-f]{32}");

  private final Path directory;
  private final TestServer server;
  private final TestSession owner;
  private final TestSession mallory;

  Vault(Path directory) {
    this.directory = directory;
    server = TestServer.start(directory);
    try (TestSession admin = server.admin()) {
      admin.runAll(
          "CREATE TENANT acme",
          "CREATE TENANT globex",
          "CREATE DATABASE acme_vault TENANT acme",
          "CREATE DATABASE acme_private TENANT acme",
          "CREATE DATABASE globex_vault TENANT globex",
          "CREATE USER mallory PASSWORD 'mallory-password' TENANT acme",
          "CREATE USER gus PASSWORD 'gus-password' TENANT globex");
    }
    try (TestSession other = server.admin("globex", "globex_vault")) {
      other.runAll(
          "CREATE TABLE gold (bar VARCHAR)",
          "INSERT INTO gold VALUES ('GOLD-BAR')",
          "GRANT SELECT ON gold TO USER gus");
    }
    try (TestSession plans = server.admin(TENANT, "acme_private")) {
      plans.runAll("CREATE TABLE plans (p VARCHAR)", "INSERT INTO plans VALUES ('PLAN-X')");
    }
    owner = server.admin(TENANT, DATABASE);
    fill();
    mallory = server.user(USER, DATABASE);
  }

  private void fill() {
    owner.runAll(
        "CREATE TABLE secret (id INTEGER, code VARCHAR)",
        "INSERT INTO secret VALUES (1, 'S3CRET-1'), (2, 'S3CRET-2')",
        "CREATE TABLE open (id INTEGER, note VARCHAR)",
        "INSERT INTO open VALUES (1, 'one'), (2, 'two')",
        "CREATE TABLE staff (id INTEGER, name VARCHAR, dept VARCHAR, salary INTEGER, ssn VARCHAR)",
        "INSERT INTO staff VALUES (1, 'Ann', 'eng', 4100, '123-45-01'), (3, 'Harry', 'ops', 7777,"
            + " '123-45-03'), (2, 'Bob', 'eng', 4200, '123-45-02')",
        "CREATE ROW FILTER only_eng ON staff USING (lower(dept) = 'eng')",
        "CREATE COLUMN MASK no_salary ON staff (salary) USING (0)",
        "CREATE COLUMN MASK no_ssn ON staff (ssn) USING ('***')",
        "CREATE TABLE shrunk (id INTEGER, name VARCHAR) WITH ('write.delete.mode' ="
            + " 'merge-on-read')",
        "INSERT INTO shrunk VALUES (1, 'Ann'), (3, 'Dora'), (2, 'Bob')",
        "DELETE FROM shrunk WHERE id = 3",
        "CREATE TABLE partly (id INTEGER, wage INTEGER, tag VARCHAR)",
        "INSERT INTO partly VALUES (1, 9999, 'a'), (2, 9999, 'b')",
        "CREATE TABLE inbox (id INTEGER, note VARCHAR)",
        "CREATE TABLE ledger (id INTEGER, dept VARCHAR, owner VARCHAR, ssn VARCHAR)",
        "CREATE ROLE clerk TENANT acme",
        "GRANT ROLE clerk TO USER mallory",
        "CREATE ROW FILTER ledger_eng ON ledger FOR ROLE clerk USING (dept = 'eng')",
        "CREATE COLUMN MASK ledger_ssn ON ledger (ssn) FOR ROLE clerk USING ('***')",
        "CREATE VIEW staff_view AS SELECT * FROM staff",
        "CREATE VIEW staff_view_view AS SELECT * FROM staff_view",
        "CREATE VIEW hidden_view AS SELECT * FROM secret",
        "CREATE SCHEMA pad",
        "CREATE SCHEMA vaulted",
        "CREATE TABLE vaulted.deep (id INTEGER)",
        "GRANT SELECT ON open TO USER mallory",
        "GRANT SELECT ON staff TO USER mallory",
        "GRANT SELECT ON staff_view TO USER mallory",
        "GRANT SELECT ON staff_view_view TO USER mallory",
        "GRANT SELECT ON shrunk TO USER mallory",
        "GRANT SELECT (id, tag) ON partly TO USER mallory",
        "GRANT RW ON inbox TO USER mallory",
        "GRANT RW ON ledger TO USER mallory",
        "GRANT ALL ON SCHEMA pad TO USER mallory");
  }

  TestServer server() {
    return server;
  }

  TestSession owner() {
    return owner;
  }

  TestSession mallory() {
    return mallory;
  }

  /** Holds a text that mallory got to see against all that is hidden from her. */
  void assertTellsNothing(String shown, String asked) {
    for (String hidden : HIDDEN) {
      if (!asked.contains(hidden)) {
        // Digits alone also turn up within identities and times.
        boolean number = hidden.chars().allMatch(Character::isDigit);
        String pattern = Pattern.quote(hidden);
        assertThat(shown)
            .doesNotContainPattern(number ? "(?<![0-9a-z])" + pattern + "(?![0-9a-z])" : pattern);
      }
    }
    assertThat(shown).doesNotContain(directory.toString()).doesNotContainPattern(PRIVATE_CATALOG);
  }

  @Override
  public void close() throws Exception {
    mallory.close();
    owner.close();
    server.close();
  }
}
