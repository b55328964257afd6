package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.column;
import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mirror whose first state has not come: nobody follows here, so that it never does. */
final class UnfilledMirrorTest {
  private static final String PASSWORD = "another long password";
  private EngineHarness engine;
  private Session admin;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    run(admin, "CREATE CLUSTER us WITH (url = 'https://us:8181', token = 't')");
    run(admin, "CREATE TENANT acme");
    run(admin, "CREATE DATABASE home FOR TENANT acme");
    for (String user : List.of("granted", "stranger", "cleo")) {
      run(admin, "CREATE USER " + user + " PASSWORD '" + PASSWORD + "'");
      run(admin, "GRANT DATABASE_READER ON DATABASE \"default\" TO " + user);
    }
    run(admin, "GRANT ROLE cluster_admin TO USER cleo");
    run(admin, "CREATE USER boss PASSWORD '" + PASSWORD + "' TENANT acme");
    run(admin, "GRANT ROLE tenant_admin TO USER boss");
    run(admin, "MIRROR DATABASE copy FROM us.prod");
    run(admin, "GRANT DATABASE_READER ON DATABASE copy TO granted");
    failed("CLUSTER_UNREACHABLE: no answer from https://us:8181");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private Mirror mirror() {
    return engine
        .metastore()
        .read(tx -> tx.mirrors().get(tx.databases().get(new DatabaseName("copy")).id()));
  }

  private void failed(String error) {
    Mirror mirror = mirror();
    engine
        .metastore()
        .write(tx -> {
          tx.mirrors().bootstrapping(mirror, Optional.of("lease"), 300);
          tx.mirrors().copied(mirror, 12);
          tx.mirrors().failed(mirror, error);
          return mirror;
        });
  }

  private Session open(String user, String database) {
    String password = user.equals("admin") ? EngineHarness.ADMIN_PASSWORD : PASSWORD;
    return engine.open(user, password, database);
  }

  @Test
  void who_may_know_of_it_is_told_how_far_it_is_wherever_it_is_bound() {
    for (String user : List.of("admin", "cleo", "granted")) {
      Session session = open(user, "default");
      assertThatThrownBy(() -> run(session, "USE DATABASE copy"))
          .as(user)
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.MIRROR_BOOTSTRAPPING))
          .hasMessageContaining("mirror of us.prod")
          .hasMessageContaining("12 of 300 bytes")
          .hasMessageContaining("CLUSTER_UNREACHABLE: no answer from https://us:8181")
          .hasMessageContaining("SHOW DATABASE MIRROR STATUS FOR copy");
      refused(ErrorCode.MIRROR_BOOTSTRAPPING, () -> open(user, "copy"));
      assertThat(column(session, "SHOW DATABASE MIRROR STATUS FOR copy", "bytes_done"))
          .containsExactly(12L);
      String password = user.equals("admin") ? EngineHarness.ADMIN_PASSWORD : PASSWORD;
      var who = engine.authenticator().password(user, Secret.of(password));
      refused(
          ErrorCode.MIRROR_BOOTSTRAPPING,
          () -> engine.engine().catalogs(Duration.ofMinutes(30)).open(who, Optional.of("copy")));
      refused(
          ErrorCode.MIRROR_BOOTSTRAPPING,
          () ->
              engine
                  .engine()
                  .catalogs(Duration.ofMinutes(30))
                  .at(who, "~" + mirror().database() + "~default")
                  .namespace(Namespace.of("main")));
    }
  }

  @Test
  void to_all_others_it_is_not_there() {
    for (Session session : List.of(open("stranger", "default"), open("boss", "home"))) {
      refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(session, "USE DATABASE copy"));
      refused(
          ErrorCode.DATABASE_NOT_FOUND, () -> run(session, "SHOW DATABASE MIRROR STATUS FOR copy"));
      assertThat(column(session, "SHOW DATABASES", "name")).doesNotContain("copy").hasSize(1);
    }
  }

  @Test
  void a_refused_use_leaves_the_session_where_it_is() {
    run(admin, "CREATE TABLE t AS SELECT 7 AS a");
    refused(ErrorCode.MIRROR_BOOTSTRAPPING, () -> run(admin, "USE copy"));
    assertThat(column(admin, "SELECT a FROM t", "a")).containsExactly(7);
  }

  @Test
  void it_is_listed_with_its_state_to_who_may_know_of_it() {
    for (String user : List.of("admin", "cleo", "granted")) {
      assertThat(run(open(user, "default"), "SHOW DATABASES"))
          .as(user)
          .extracting(row -> row.get("name") + "/" + row.get("tenant") + "/" + row.get("status"))
          .contains("copy/null/bootstrapping", "default/default/active");
    }
  }

  @Test
  void one_that_can_never_be_filled_says_so() {
    Mirror mirror = mirror();
    engine
        .metastore()
        .write(tx -> {
          tx.mirrors().lost(mirror, "MIRROR_SOURCE_CHANGED: it is another one");
          return mirror;
        });
    for (String sql : List.of("USE copy", "ALTER DATABASE copy PROMOTE")) {
      assertThatThrownBy(() -> run(admin, sql))
          .hasMessageContaining("MIRROR_SOURCE_CHANGED")
          .hasMessageContaining("DROP DATABASE copy and mirror again");
    }
    assertThat(run(admin, "SHOW DATABASES"))
        .extracting(row -> row.get("name") + "/" + row.get("status"))
        .contains("copy/disconnected");
    run(admin, "DROP DATABASE copy");
    refused(ErrorCode.DATABASE_NOT_FOUND, () -> run(admin, "USE copy"));
  }

  @Test
  void a_mirror_of_this_server_and_a_promoted_one_are_listed_as_what_they_are() {
    run(admin, "MIRROR DATABASE near FROM home");
    assertThat(statuses()).contains("near/acme/following");
    run(admin, "ALTER DATABASE near PROMOTE");
    assertThat(statuses()).contains("near/acme/active");
  }

  private List<String> statuses() {
    return run(admin, "SHOW DATABASES").stream()
        .map(row -> row.get("name") + "/" + row.get("tenant") + "/" + row.get("status"))
        .toList();
  }
}
