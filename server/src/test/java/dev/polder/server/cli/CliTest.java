package dev.polder.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.door.http.StatementKinds;
import dev.polder.server.table.Style;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
  private static final String ROWS =
      """
      {"columns":[{"name":"iata","type":"VARCHAR"},{"name":"n","type":"BIGINT"}],
       "rows":[["LAS",1],[null,200]],"rowCount":2,"updateCount":null,"elapsedMs":1.5,"notices":[]}\
      """;
  private static final String DONE =
      "{\"columns\":[],\"rows\":[],\"rowCount\":0,\"updateCount\":3,\"elapsedMs\":1,\"notices\":[]}";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  private int run(Map<String, String> environment, String... arguments) {
    Screen screen =
        new Screen(new PrintWriter(out, true), new PrintWriter(err, true), Style.PLAIN, false);
    Cli cli =
        new Cli(
            configuration -> {
              throw new IllegalStateException("no server is started here");
            },
            screen,
            environment);
    return cli.run(arguments);
  }

  private int run(StubServer server, String... arguments) {
    return run(
        Map.of("POLDER_URL", server.url(), "POLDER_USER", "ann", "POLDER_PASSWORD", "secret"),
        arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve", "demo", "sql", "tenant", "tenant create", "database create", "user create",
        "group add", "role drop", "grant create", "grant role", "token create", "config", "version",
        "healthcheck"
      })
  void everyCommandHasHelp(String command) {
    assertThat(run(Map.of(), (command + " --help").split(" "))).isZero();
    assertThat(out.toString()).startsWith("Usage: polder " + command);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "tenant",
        "tenant create",
        "sql --nonsense",
        "sql -c SELECT",
        "sql --user a -c",
        "grant create SELECT --to-user u",
        "healthcheck --url ftp://x",
        "healthcheck --timeout soon",
        "sql --user a --password b --csv --json -c x"
      })
  void whatIsNotUnderstoodEndsWithTwo(String line) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
    assertThat(run(Map.of(), arguments)).isEqualTo(2);
    assertThat(err.toString()).isNotBlank();
  }

  @Test
  void noServerIsAFailureThatSaysWhatToDo() {
    assertThat(
            run(
                Map.of("POLDER_PASSWORD", "p"),
                "sql",
                "--url",
                "http://127.0.0.1:1",
                "--user",
                "a",
                "-c",
                "SELECT 1"))
        .isEqualTo(1);
    assertThat(err.toString()).contains("cannot reach http://127.0.0.1:1", "./polder serve");
  }

  @Test
  void resultsAreAlignedTables() throws IOException {
    try (StubServer server = new StubServer(body -> ROWS)) {
      assertThat(run(server, "sql", "-c", "SELECT 1")).isZero();
      assertThat(out.toString().lines())
          .containsExactly(" iata |   n", "------+-----", " LAS  |   1", " NULL | 200", "(2 rows)");
      assertThat(server.requests()).containsExactly("POST /api/sql {\"sql\":\"SELECT 1\"}");
    }
  }

  @Test
  void csvAndJsonAreForPrograms() throws IOException {
    try (StubServer server = new StubServer(body -> ROWS)) {
      assertThat(run(server, "sql", "--csv", "-c", "SELECT 1")).isZero();
      assertThat(out.toString()).isEqualTo("iata,n\nLAS,1\n,200\n");
      out.getBuffer().setLength(0);
      assertThat(run(server, "sql", "--json", "-c", "SELECT 1")).isZero();
      assertThat(out.toString())
          .isEqualTo("[{\"iata\":\"LAS\",\"n\":1},{\"iata\":null,\"n\":200}]\n");
    }
  }

  @Test
  void aFilesStatementsRunInOneSessionUntilOneFails() throws IOException {
    Path file = directory.resolve("a.sql");
    Files.writeString(file, "BEGIN;\nSELECT\n  nonsense;\nCOMMIT;");
    try (StubServer server =
        new StubServer(body ->
            body.contains("nonsense")
                ? "{\"error\":{\"code\":\"COLUMN_NOT_FOUND\",\"sqlState\":\"42703\","
                    + "\"message\":\"there is no column nonsense\",\"position\":9}}"
                : DONE)) {
      assertThat(run(server, "sql", "-f", file.toString())).isEqualTo(1);
      assertThat(server.requests())
          .containsExactly(
              "POST /api/auth/login {\"user\":\"ann\",\"password\":\"secret\"}",
              "POST /api/session {}",
              "POST /api/sql {\"sql\":\"BEGIN\"}",
              "POST /api/sql {\"sql\":\"SELECT\\n  nonsense\"}",
              "DELETE /api/session/s1 ");
      assertThat(err.toString().lines())
          .containsExactly(
              "error COLUMN_NOT_FOUND (42703): there is no column nonsense",
              "line 2:   nonsense",
              "          ^");
    }
  }

  /** A command line and the statement that it sends, in which ~ stands for a line's end. */
  static final List<String> SPELLINGS =
      List.of(
          "tenant create acme|CREATE TENANT \"acme\"",
          "tenant list|SHOW TENANTS",
          "tenant drop --if-exists acme|DROP TENANT IF EXISTS \"acme\"",
          "database create d --for-tenant acme|CREATE DATABASE \"d\" FOR TENANT \"acme\"",
          "database drop d --cascade|DROP DATABASE \"d\" CASCADE",
          "database backup d nightly/d|BACKUP DATABASE \"d\" TO 'nightly/d'",
          "database restore e nightly/d --force|RESTORE DATABASE \"e\" FROM 'nightly/d' FORCE",
          "database restore e x --dry-run|RESTORE DATABASE \"e\" FROM 'x' DRY RUN",
          "database backups|SHOW BACKUPS",
          "database undrop d|UNDROP DATABASE \"d\"",
          "database rename d e|ALTER DATABASE \"d\" RENAME TO \"e\"",
          "database clone e d --as-of 5 --dry-run|CLONE DATABASE \"e\" FROM \"d\" AS OF SYSTEM TIME 5 DRY RUN",
          "database reset e|RESET DATABASE \"e\" TO SOURCE",
          "database lineage e|SHOW DATABASE LINEAGE FOR \"e\"",
          "database diff d e|SHOW DATABASE DIFF \"d\", \"e\"",
          "database idle-timeout d 60|ALTER DATABASE \"d\" SET IDLE_TIMEOUT = 60",
          "database collect d --dry-run|COLLECT DATABASE \"d\" DRY RUN",
          "database collected --in-database d|SHOW COLLECTED IN DATABASE \"d\"",
          "database audit-dml d all|ALTER DATABASE \"d\" SET AUDIT_DML = 'all'",
          "audit show --in-database d --event-type dml --by it's --since 2030-01-31 --limit 5|SHOW AUDIT IN DATABASE \"d\" WHERE event_type = 'dml' AND user = 'it''s' AND since = '2030-01-31' LIMIT 5",
          "audit show|SHOW AUDIT LIMIT 100",
          "database list --dropped|SHOW DROPPED DATABASES",
          "tenant move acme --from a --to b|MOVE TENANT \"acme\" FROM \"a\" TO \"b\"",
          "tenant default acme d|ALTER TENANT \"acme\" SET DEFAULT DATABASE \"d\"",
          "tenant default acme --none|ALTER TENANT \"acme\" RESET DEFAULT DATABASE",
          "user default u --none|ALTER USER \"u\" RESET DEFAULT DATABASE",
          "user default u d|ALTER USER \"u\" SET DEFAULT DATABASE \"d\"",
          "tenant quota acme --in-database d|SHOW TENANT QUOTA FOR \"acme\" IN DATABASE \"d\"",
          "tenant quota acme max_qps=5 --in-database d|ALTER TENANT \"acme\" IN DATABASE \"d\" SET QUOTA (\"max_qps\" = '5')",
          "tenant usage acme --in-database d|SHOW TENANT USAGE FOR \"acme\" IN DATABASE \"d\"",
          "database quota d|SHOW DATABASE QUOTA FOR \"d\"",
          "database quota d max_qps=5|ALTER DATABASE \"d\" SET QUOTA (\"max_qps\" = '5')",
          "database usage d|SHOW DATABASE USAGE FOR \"d\"",
          "database create d max_qps=5 --priority-class bulk --expires-after 2h|CREATE DATABASE \"d\" WITH (\"max_qps\" = '5', \"priority_class\" = 'bulk', \"expires_after\" = '2h')",
          "database drop d --force --if-exists|DROP DATABASE IF EXISTS \"d\" FORCE",
          "database clone e d --version 42 --materialize manual --expires-after 7d --if-not-exists|CLONE DATABASE IF NOT EXISTS \"e\" FROM \"d\" FOR VERSION AS OF 42 WITH (\"materialize\" = 'manual', \"expires_after\" = '7d')",
          "database mirror e d --cluster us --sync --sync-timeout 3s --on-timeout degrade --if-not-exists|MIRROR DATABASE IF NOT EXISTS \"e\" FROM \"us\".\"d\" MODE = sync WITH (\"sync_timeout\" = '3s', \"on_timeout\" = 'degrade')",
          "database mirror-status e|SHOW DATABASE MIRROR STATUS FOR \"e\"",
          "database promote e|ALTER DATABASE \"e\" PROMOTE",
          "database detach-mirror d e|ALTER DATABASE \"d\" DETACH MIRROR \"e\"",
          "database materialize e|ALTER DATABASE \"e\" MATERIALIZE",
          "database jobs|SHOW JOBS",
          "database add-tenant d acme --if-not-exists|ALTER DATABASE \"d\" ADD TENANT IF NOT EXISTS \"acme\"",
          "database remove-tenant d acme --if-exists|ALTER DATABASE \"d\" REMOVE TENANT IF EXISTS \"acme\"",
          "identity-provider create acme https://id --audience a,b --with mode=external --replace|CREATE OR REPLACE IDENTITY PROVIDER FOR TENANT \"acme\" WITH (issuer = 'https://id', audience = 'a,b', \"mode\" = 'external')",
          "identity-provider list|SHOW IDENTITY PROVIDERS",
          "identity-provider drop acme --if-exists|DROP IDENTITY PROVIDER IF EXISTS FOR TENANT \"acme\"",
          "cluster url us https://us:8181|ALTER CLUSTER \"us\" SET URL 'https://us:8181'",
          "cluster list|SHOW CLUSTERS",
          "database mirrors|SHOW MIRRORS",
          "cluster drop us --if-exists|DROP CLUSTER IF EXISTS \"us\"",
          "session kill x --statement-only|KILL QUERY 'x'",
          "user password u --new-password it's|ALTER USER \"u\" SET PASSWORD 'it''s'",
          "user enable u|ALTER USER \"u\" ENABLE",
          "user disable u|ALTER USER \"u\" DISABLE",
          "user superuser u --revoke|ALTER USER \"u\" NOSUPERUSER",
          "user list|SHOW USERS",
          "group create g|CREATE GROUP \"g\"",
          "group list|SHOW GROUPS",
          "group drop g|DROP GROUP \"g\"",
          "role list|SHOW ROLES",
          "role drop r|DROP ROLE \"r\"",
          "grant drop-role r --to-group g|REVOKE ROLE \"r\" FROM GROUP \"g\"",
          "grant drop database_reader --on-database d --to-user u|REVOKE DATABASE_READER ON DATABASE \"d\" FROM USER \"u\"",
          "policy filter own --on s.t --for-role r --using a=1|CREATE ROW FILTER \"own\" ON \"s\".\"t\" FOR ROLE \"r\" USING (a=1~)",
          "policy mask hide --on t --column c --using NULL --or-replace|CREATE OR REPLACE COLUMN MASK \"hide\" ON \"t\" (\"c\") USING (NULL~)",
          "policy list --on t|SHOW POLICIES ON \"t\"",
          "policy drop-filter own --on t|DROP ROW FILTER \"own\" ON \"t\"",
          "policy drop-mask hide --on t --if-exists|DROP COLUMN MASK IF EXISTS \"hide\" ON \"t\"",
          "token list|SHOW TOKENS",
          "session list --in-database d|SHOW SESSIONS IN DATABASE \"d\"",
          "session kill x|KILL SESSION 'x'",
          "grant create database_reader --on-database d --to-group g|GRANT DATABASE_READER ON DATABASE \"d\" TO GROUP \"g\"",
          "user create a@b.c --new-password it's --for-tenant t|CREATE USER \"a@b.c\" PASSWORD 'it''s' TENANT \"t\"",
          "user drop u|DROP USER \"u\"",
          "policy drop-filter x\"y --on t|DROP ROW FILTER \"x\"\"y\" ON \"t\"",
          "group add g u|ADD USER \"u\" TO GROUP \"g\"",
          "group remove g u|REMOVE USER \"u\" FROM GROUP \"g\"",
          "role create r|CREATE ROLE \"r\"",
          "grant create select,insert --on-table s.t --to-role r|GRANT SELECT, INSERT ON TABLE \"s\".\"t\" TO ROLE \"r\"",
          "grant drop all --on-database d --to-user u|REVOKE ALL ON DATABASE \"d\" FROM USER \"u\"",
          "grant role r --to-group g|GRANT ROLE \"r\" TO GROUP \"g\"",
          "grant list --to-user u|SHOW GRANTS FOR USER \"u\"",
          "token create ci --for-user u --expires-in 30days|CREATE TOKEN \"ci\" FOR USER \"u\" EXPIRES IN '30days'",
          "token drop 17|REVOKE TOKEN '17'");

  static List<String> spellings() {
    return SPELLINGS;
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void adminCommandsSpellStatements(String spelling) throws IOException {
    String line = spelling.substring(0, spelling.indexOf('|'));
    String statement = spelling.substring(spelling.indexOf('|') + 1);
    try (StubServer server = new StubServer(body -> DONE)) {
      assertThat(run(server, line.split(" "))).isZero();
      String json = statement.replace("\"", "\\\"").replace("~", "\\n");
      assertThat(server.requests()).containsExactly("POST /api/sql {\"sql\":\"" + json + "\"}");
    }
  }

  @Test
  void eachAdministrativeStatementHasACommand() {
    Set<String> said =
        SPELLINGS.stream()
            .map(spelling -> spelling.substring(spelling.indexOf('|') + 1).replace("~", "\n"))
            .flatMap(sql -> StatementKinds.of(sql).stream())
            .collect(Collectors.toCollection(TreeSet::new));
    // Tests of their own have these, which read a file or the answer.
    said.add("VerifyAudit");
    said.add("CreateCluster");
    said.add("ExportAudit");
    // The commands for sources ask for more than a statement answers.
    said.add("ShowSources");
    assertThat(said).containsExactlyInAnyOrderElementsOf(StatementKinds.all());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          list                                          | GET /
          get fedpg                                     | GET /fedpg
          test fedpg                                    | POST /fedpg/test
          status fedpg                                  | GET /fedpg/status
          schemas fedpg                                 | GET /fedpg/schemas
          tables fedpg --schema public                  | GET /fedpg/tables
          columns fedpg --schema public --table orders  | GET /fedpg/columns
          delete fedpg                                  | DELETE /fedpg
          update fedpg --disabled                       | PATCH /fedpg {"disabled":true}
          update fedpg --no-read-only                   | PATCH /fedpg {"readOnly":false}
          create fedpg --connector postgres -P host=pg  | POST / {"connector":"postgres","properties":{"host":"pg"},"alias":"fedpg"}
          secret list fedpg                             | GET /fedpg/secrets
          secret delete fedpg PWD                       | DELETE /fedpg/secrets/PWD
          secret set fedpg P --external-ref env:A       | PUT /fedpg/secrets {"name":"P","externalRef":"env:A"}
          """)
  void sourcesAreAdministeredByCallsOfTheirOwn(String words, String request) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("source"));
    arguments.addAll(List.of(words.split(" ", -1)));
    arguments.addAll(List.of("--tenant", "acme", "--database", "acme_fed"));
    try (StubServer server = new StubServer(body -> DONE)) {
      assertThat(run(server, arguments.toArray(String[]::new))).as(err.toString()).isZero();
      String root = "/api/tenants/acme/tenant-dbs/acme_fed/federated-sources";
      String path = request.split(" ", -1)[1];
      assertThat(server.requests().getLast().strip())
          .isEqualTo(request.replaceFirst(path, root + (path.equals("/") ? "" : path)));
    }
  }

  @Test
  void theValueOfASecretComesFromAFile() throws IOException {
    Path file = directory.resolve("value");
    Files.writeString(file, "hunter2\n");
    try (StubServer server = new StubServer(body -> DONE)) {
      assertThat(
              run(
                  server,
                  "source",
                  "secret",
                  "set",
                  "fedpg",
                  "PWD",
                  "--value-file",
                  file.toString(),
                  "-t",
                  "acme",
                  "-d",
                  "acme_fed"))
          .isZero();
      assertThat(server.requests().getLast()).endsWith("{\"name\":\"PWD\",\"value\":\"hunter2\"}");
    }
    assertThat(out.toString() + err).doesNotContain("hunter2");
  }

  @Test
  void aClustersTokenIsReadFromAFile() throws IOException {
    Path file = directory.resolve("token");
    Files.writeString(file, "t-1\n");
    try (StubServer server = new StubServer(body -> DONE)) {
      assertThat(
              run(
                  server,
                  "cluster",
                  "create",
                  "us",
                  "https://us:8181",
                  "--if-not-exists",
                  "--remote-token-file",
                  file.toString()))
          .isZero();
      assertThat(server.requests())
          .containsExactly(
              "POST /api/sql {\"sql\":\"CREATE CLUSTER IF NOT EXISTS \\\"us\\\" WITH (url ="
                  + " 'https://us:8181', token = 't-1')\"}");
      for (String line : List.of("cluster token us", "cluster url us https://eu:8181")) {
        List<String> words = new ArrayList<>(List.of(line.split(" ")));
        words.addAll(List.of("--remote-token-file", file.toString()));
        assertThat(run(server, words.toArray(String[]::new))).isZero();
      }
      assertThat(server.requests().toString())
          .contains("ALTER CLUSTER \\\"us\\\" SET TOKEN 't-1'")
          .contains("ALTER CLUSTER \\\"us\\\" SET URL 'https://eu:8181', TOKEN 't-1'");
    }
  }

  @ParameterizedTest
  @CsvSource({"d, '\\\"d\\\"', true, 0", "1026, 1026, true, 0", "d, '\\\"d\\\"', false, 1"})
  void aTrailIsVerifiedByTheDatabasesNameOrNumber(
      String database, String named, boolean intact, int code) throws IOException {
    String verdict =
        """
        {"columns":[{"name":"intact","type":"BOOLEAN"},{"name":"first_broken_seq","type":"BIGINT"}],
         "rows":[[%s,7]],"rowCount":1,"updateCount":null,"elapsedMs":1,"notices":[]}\
        """
            .formatted(intact);
    try (StubServer server = new StubServer(body -> verdict)) {
      assertThat(run(server, "audit", "verify", "--in-database", database)).isEqualTo(code);
      assertThat(server.requests())
          .contains("POST /api/sql {\"sql\":\"AUDIT VERIFY IN DATABASE " + named + "\"}");
      assertThat(err.toString().contains("record 7 is not what was written")).isEqualTo(!intact);
    }
  }

  @Test
  void aDefaultIsShownWhereNoneIsGiven() throws IOException {
    String tenants =
        """
        {"columns":[{"name":"id","type":"VARCHAR"},{"name":"default_database","type":"VARCHAR"}],
         "rows":[["acme","prod"],["other",null]],"rowCount":2,"updateCount":null,"elapsedMs":1,"notices":[]}\
        """;
    try (StubServer server = new StubServer(body -> tenants)) {
      assertThat(run(server, "tenant", "default", "acme")).isZero();
      assertThat(server.requests()).containsExactly("POST /api/sql {\"sql\":\"SHOW TENANTS\"}");
      assertThat(out.toString()).contains("prod").doesNotContain("other");
      assertThat(run(server, "tenant", "default", "nobody")).isEqualTo(1);
      assertThat(run(server, "tenant", "default", "acme", "d", "--none")).isEqualTo(2);
    }
  }

  @Test
  void theShellsOwnCommandsAreRefusedInAFileWithWhatToDoInstead() throws IOException {
    Path file = directory.resolve("shell.sql");
    Files.writeString(file, "\\c other\nSELECT 1;");
    try (StubServer server = new StubServer(body -> DONE)) {
      assertThat(run(server, "sql", "-f", file.toString())).isEqualTo(2);
      assertThat(server.requests()).isEmpty();
      assertThat(err.toString()).contains("need a terminal", "--database NAME", "USE DATABASE");
    }
  }

  @Test
  void theVersionIsAnOptionToo() {
    assertThat(run(Map.of(), "--version")).isZero();
    assertThat(out.toString()).startsWith("polder ");
  }

  @Test
  void healthcheckNeedsNoCredentials() throws IOException {
    try (StubServer server = new StubServer(body -> DONE)) {
      assertThat(run(Map.of(), "healthcheck", "--url", server.url())).isZero();
      assertThat(server.requests()).containsExactly("GET /ready ");
    }
  }

  @Test
  void aFaultyConfigurationIsAFailureWithEveryFault() {
    assertThat(run(Map.of("POLDER_HTTP_PORT", "x", "POLDER_NONSENSE", "y"), "serve")).isEqualTo(1);
    assertThat(err.toString()).contains("http.port", "POLDER_NONSENSE");
  }

  @Test
  void configMasksSecrets() {
    assertThat(run(Map.of("POLDER_ADMIN_PASSWORD", "hunter2hunter2"), "config")).isZero();
    assertThat(out.toString()).contains("***").doesNotContain("hunter2");
  }

  @Test
  void versionNamesThePartsThatMatter() {
    assertThat(run(Map.of(), "version")).isZero();
    assertThat(out.toString()).contains("duckdb 2.", "iceberg 1.", "java 2");
  }
}
