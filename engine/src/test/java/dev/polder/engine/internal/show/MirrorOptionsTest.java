package dev.polder.engine.internal.show;

import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.metastore.mirror.TimeoutAction;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What MIRROR DATABASE takes after WITH has an effect, or is refused and says why. */
final class MirrorOptionsTest {
  private EngineHarness engine;
  private Session admin;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    run(admin, "CREATE DATABASE prod");
    run(admin, "CREATE CLUSTER us WITH (url = 'https://us:8181', token = 't')");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private void refused(String sql, String why) {
    assertThatThrownBy(() -> run(admin, sql))
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER))
        .hasMessageContaining(why);
    boolean made =
        engine.metastore().read(tx -> tx.databases().find(new DatabaseName("copy")).isPresent());
    assertThat(made).isFalse();
  }

  private Mirror made(String sql) {
    run(admin, sql);
    return engine
        .metastore()
        .read(tx -> tx.mirrors().get(tx.databases().get(new DatabaseName("copy")).id()));
  }

  @Test
  void nothing_waits_for_a_mirror_in_the_same_server() {
    refused(
        "MIRROR DATABASE copy FROM prod MODE = sync WITH (sync_timeout = '5s')",
        "within the commit's own transaction");
    refused(
        "MIRROR DATABASE copy FROM prod MODE = sync WITH (on_timeout = 'fail', sync_timeout = '5s')",
        "within the commit's own transaction");
    Mirror mirror =
        made("MIRROR DATABASE copy FROM prod MODE = sync WITH (on_timeout = 'degrade')");
    assertThat(mirror.onTimeout()).isEqualTo(TimeoutAction.DEGRADE);
    assertThat(mirror.syncTimeoutMicros()).isZero();
  }

  @Test
  void commits_wait_for_a_mirror_on_another_server_as_long_as_it_says() {
    Mirror mirror =
        made("MIRROR DATABASE copy FROM us.prod MODE = sync WITH (sync_timeout = '7s')");
    assertThat(mirror.syncTimeoutMicros()).isEqualTo(TimeUnit.SECONDS.toMicros(7));
    assertThat(mirror.onTimeout()).isEqualTo(TimeoutAction.FAIL);
  }

  @Test
  void what_is_for_synchronous_mirrors_is_refused_by_others() {
    for (String option : new String[] {"sync_timeout = '5s'", "on_timeout = 'degrade'"}) {
      refused("MIRROR DATABASE copy FROM us.prod WITH (" + option + ")", "MODE = sync");
    }
    refused("MIRROR DATABASE copy FROM prod WITH (on_timeout = 'fail')", "MODE = sync");
    refused("MIRROR DATABASE copy FROM us.prod MODE = sync WITH (lag = '5s')", "the options are");
  }
}
