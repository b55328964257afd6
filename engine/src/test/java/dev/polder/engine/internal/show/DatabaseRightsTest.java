package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.metastore.mirror.TimeoutAction;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may run which statement about a database: each role against each statement. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DatabaseRightsTest {
  private static final String PASSWORD = "another long password";
  private static final Set<ErrorCode> DENIALS =
      Set.of(ErrorCode.ACCESS_DENIED, ErrorCode.SESSION_NOT_FOUND);

  /** The columns of the table, by their letters in {@link #STATEMENTS}. */
  private enum Role {
    SUPERUSER('S'),
    CLUSTER_ADMIN('C'),
    TENANT_ADMIN('T'),
    OWNER('O'),
    EDITOR('E'),
    READER('R'),
    NOBODY('N');

    private final char letter;

    Role(char letter) {
      this.letter = letter;
    }

    String user() {
      return this == SUPERUSER ? "admin" : name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A row of the table.
   *
   * @param sql {@code $} is a database of the cell's own, {@code @} the one who runs it
   * @param allowed the letters of those who may
   * @param before what a superuser does first
   * @param within whether it runs in that database, and not beside it
   * @param followed whether a mirror {@code far_$} on another server follows that database
   */
  record Statement(
      String sql, String allowed, List<String> before, boolean within, boolean followed) {
    static Statement of(String sql, String allowed, String... before) {
      return new Statement(sql, allowed, List.of(before), false, false);
    }

    static Statement within(String sql, String allowed) {
      return new Statement(sql, allowed, List.of(), true, false);
    }

    static Statement followed(String sql, String allowed) {
      return new Statement(sql, allowed, List.of(), false, true);
    }

    @Override
    public String toString() {
      return sql;
    }
  }

  static final List<Statement> STATEMENTS =
      List.of(
          Statement.of("CREATE DATABASE new_$ FOR TENANT acme", "SC"),
          Statement.of("DROP DATABASE $", "S"),
          Statement.of("DROP DATABASE $ CASCADE", "S"),
          Statement.of("DROP DATABASE $ FORCE", "S", "CLONE DATABASE clone_$ FROM $"),
          Statement.of("UNDROP DATABASE $", "S", "DROP DATABASE $"),
          Statement.of("ALTER DATABASE $ RENAME TO other_$", "SO"),
          Statement.of("ALTER DATABASE $ SET IDLE_TIMEOUT = 1800", "SO"),
          Statement.of("CREATE DATABASE new_$ FOR TENANT acme WITH (max_qps = 0)", "SC"),
          Statement.of("ALTER DATABASE $ SET QUOTA (max_qps = 1000)", "SC"),
          Statement.of("ALTER TENANT acme IN DATABASE $ SET QUOTA (max_qps = 1000)", "SCO"),
          Statement.of("SHOW DATABASE QUOTA FOR $", "SCO"),
          Statement.of("SHOW DATABASE USAGE FOR $", "SCO"),
          Statement.of("SHOW TENANT QUOTA FOR acme IN DATABASE $", "SCO"),
          Statement.of("SHOW TENANT USAGE FOR acme IN DATABASE $", "SCO"),
          Statement.of("CLONE DATABASE clone_$ FROM $", "S"),
          Statement.of("CLONE DATABASE clone_$ FROM $ DRY RUN", "S"),
          Statement.of("RESET DATABASE clone_$ TO SOURCE", "S", "CLONE DATABASE clone_$ FROM $"),
          Statement.of("SHOW DATABASE DIFF $, home", "S"),
          Statement.of("SHOW DATABASE LINEAGE FOR $", "SCOER"),
          Statement.of("GRANT DATABASE_READER ON DATABASE $ TO guest", "SCO"),
          Statement.of("GRANT DATABASE_OWNER ON DATABASE $ TO GROUP guests", "SCO"),
          Statement.of(
              "REVOKE DATABASE_READER ON DATABASE $ FROM guest",
              "SCO",
              "GRANT DATABASE_READER ON DATABASE $ TO guest"),
          Statement.of("ALTER DATABASE $ MATERIALIZE", "SCO"),
          Statement.of("ALTER DATABASE $ ADD TENANT globex", "SC"),
          Statement.of(
              "ALTER DATABASE $ REMOVE TENANT globex", "SC", "ALTER DATABASE $ ADD TENANT globex"),
          Statement.of(
              "MOVE TENANT acme FROM $ TO to_$", "S", "CREATE DATABASE to_$ FOR TENANT globex"),
          Statement.of("MIRROR DATABASE mirror_$ FROM $", "S"),
          Statement.of("ALTER DATABASE mirror_$ PROMOTE", "S", "MIRROR DATABASE mirror_$ FROM $"),
          Statement.of(
              "SHOW DATABASE MIRROR STATUS FOR mirror_$",
              "SCOER",
              "MIRROR DATABASE mirror_$ FROM $",
              "GRANT DATABASE_OWNER ON DATABASE mirror_$ TO owner",
              "GRANT DATABASE_EDITOR ON DATABASE mirror_$ TO editor",
              "GRANT DATABASE_READER ON DATABASE mirror_$ TO reader"),
          Statement.followed("ALTER DATABASE $ DETACH MIRROR far_$", "S"),
          Statement.of("CREATE CLUSTER c_$ WITH (url = 'https://peer:8181', token = 't')", "S"),
          Statement.of(
              "ALTER CLUSTER c_$ SET TOKEN 'u'",
              "S",
              "CREATE CLUSTER c_$ WITH (url = 'https://peer:8181', token = 't')"),
          Statement.of(
              "DROP CLUSTER c_$",
              "S",
              "CREATE CLUSTER c_$ WITH (url = 'https://peer:8181', token = 't')"),
          Statement.of("SHOW CLUSTERS", "S"),
          Statement.of("BACKUP DATABASE $ TO '$/nightly'", "SO"),
          Statement.of(
              "RESTORE DATABASE r_$ FROM '$/nightly'", "S", "BACKUP DATABASE $ TO '$/nightly'"),
          Statement.of("SHOW BACKUPS", "S"),
          Statement.of("SHOW JOBS", "S"),
          Statement.of("ALTER USER guest SET DEFAULT DATABASE $", "SC"),
          Statement.of("ALTER USER \"@\" SET DEFAULT DATABASE $", "SCTOER"),
          Statement.of("ALTER TENANT acme SET DEFAULT DATABASE $", "SC"),
          Statement.of("ALTER TENANT acme RESET DEFAULT DATABASE", "SC"),
          Statement.of("SHOW SESSIONS IN DATABASE $", "SCO"),
          Statement.of("ALTER DATABASE $ SET AUDIT_DML = 'all'", "SO"),
          Statement.of("SHOW AUDIT IN DATABASE $", "SCO"),
          Statement.of("AUDIT VERIFY IN DATABASE $", "SCO"),
          Statement.of("AUDIT EXPORT IN DATABASE $", "SCO"),
          Statement.of("SHOW AUDIT", "ST"),
          Statement.of("AUDIT VERIFY", "ST"),
          Statement.of("COLLECT DATABASE $ DRY RUN", "S"),
          Statement.of("SHOW COLLECTED IN DATABASE $", "S"),
          Statement.of("SHOW SESSIONS", "SCTOERN"),
          Statement.of("KILL SESSION '#'", "SO"),
          Statement.of("USE DATABASE $", "SCTOER"),
          Statement.of("CREATE TENANT tenant_$", "S"),
          Statement.within("GRANT SELECT ON DATABASE data TO USER guest", "STO"),
          Statement.within("SELECT * FROM t", "SOER"),
          Statement.within("INSERT INTO t VALUES (1)", "SOE"),
          Statement.within("UPDATE t SET i = 2", "SOE"),
          Statement.within("DELETE FROM t WHERE i = 7", "SOE"),
          Statement.within("CREATE TABLE t_$ (i INTEGER)", "SO"),
          Statement.within("CREATE SCHEMA s_$", "SO"),
          Statement.within("ALTER TABLE t ADD COLUMN c_$ INTEGER", "SO"));

  private final Map<Role, Session> sessions = new EnumMap<>(Role.class);
  private EngineHarness engine;
  private Session admin;
  private int cells;

  @BeforeAll
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    Session first = engine.admin();
    run(first, "CREATE TENANT acme");
    run(first, "CREATE TENANT globex");
    run(first, "CREATE DATABASE home FOR TENANT acme");
    run(first, "CREATE DATABASE data FOR TENANT acme");
    run(first, "CREATE USER guest PASSWORD '" + PASSWORD + "' TENANT acme");
    run(first, "CREATE USER cluster_admin PASSWORD '" + PASSWORD + "'");
    run(first, "GRANT ROLE cluster_admin TO USER cluster_admin");
    admin = engine.admin("acme", "home");
    run(admin, "CREATE GROUP guests");
    run(engine.admin("acme", "data"), "CREATE TABLE t (i INTEGER)");
    for (Role role : Role.values()) {
      if (role != Role.SUPERUSER && role != Role.CLUSTER_ADMIN) {
        run(admin, "CREATE USER " + role.user() + " PASSWORD '" + PASSWORD + "' TENANT acme");
        run(admin, "GRANT SELECT ON DATABASE home TO USER " + role.user());
      }
    }
    run(admin, "GRANT ROLE tenant_admin TO USER tenant_admin");
    grantRoles("data");
    for (Role role : Role.values()) {
      String password = role == Role.SUPERUSER ? EngineHarness.ADMIN_PASSWORD : PASSWORD;
      sessions.put(
          role, engine.open(role.user(), password, Optional.of("acme"), Optional.of("home")));
    }
  }

  @AfterAll
  void stop() {
    engine.close();
  }

  private void grantRoles(String database) {
    for (Role role : List.of(Role.OWNER, Role.EDITOR, Role.READER)) {
      run(admin, "GRANT DATABASE_" + role + " ON DATABASE " + database + " TO " + role.user());
    }
  }

  static List<Statement> statements() {
    return STATEMENTS;
  }

  @ParameterizedTest
  @MethodSource("statements")
  void isOpenToExactlyTheseRoles(Statement statement) {
    for (Role role : Role.values()) {
      cell(statement, role);
    }
  }

  private void cell(Statement statement, Role role) {
    String database = "d" + ++cells;
    run(admin, "CREATE DATABASE " + database + " FOR TENANT acme");
    grantRoles(database);
    run(admin, "GRANT DATABASE_READER ON DATABASE " + database + " TO guest");
    try (Session victim = engine.open("guest", PASSWORD, database)) {
      if (statement.followed()) {
        follow(database);
      }
      statement.before().forEach(sql -> run(admin, filled(sql, database, role, victim)));
      Session session = sessions.get(role);
      String sql = filled(statement.sql(), database, role, victim);
      boolean allowed = statement.allowed().indexOf(role.letter) >= 0;
      if (allowed) {
        perform(session, statement.within(), sql);
      } else {
        assertThatThrownBy(() -> perform(session, statement.within(), sql))
            .as(sql + " by " + role)
            .isInstanceOfSatisfying(
                PolderException.class,
                e -> assertThat(DENIALS).as(sql + " by " + role + ": " + e).contains(e.code()));
      }
      run(session, "USE DATABASE home");
    }
  }

  private void follow(String database) {
    engine
        .metastore()
        .write(tx ->
            tx.followers()
                .join(
                    tx.databases().get(new DatabaseName(database)).id(),
                    "server/" + database,
                    new DatabaseName("far_" + database),
                    1_000_000,
                    TimeoutAction.DEGRADE,
                    Optional.empty()));
  }

  private static void perform(Session session, boolean within, String sql) {
    if (within) {
      run(session, "USE DATABASE data");
    }
    run(session, sql);
  }

  private static String filled(String sql, String database, Role role, Session victim) {
    return sql.replace("$", database)
        .replace("@", role.user())
        .replace("#", victim.id().toString());
  }
}
