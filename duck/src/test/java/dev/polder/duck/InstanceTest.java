package dev.polder.duck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.duckdb.DuckDBColumnType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class InstanceTest {
  @TempDir Path directory;

  @Test
  void scalar_functions_in_java_are_known_to_every_session() {
    try (Engine engine = new Engine(directory)) {
      engine.instance.register(
          new ScalarFunction(
              "shout",
              List.of(DuckDBColumnType.VARCHAR, DuckDBColumnType.INTEGER),
              DuckDBColumnType.VARCHAR,
              (input, output) -> {
                for (long i = 0; i < input.rowCount(); i++) {
                  String text = input.vector(0).getString(i);
                  output.setString(i, text + "!".repeat(input.vector(1).getInt(i)));
                }
              }));
      assertThat(engine.rows("SELECT shout('hé', 2), shout(NULL, 1), shout('a', NULL)"))
          .containsExactly(Arrays.asList("hé!!", null, null));
      assertThat(
              engine.rows(
                  "SELECT count(*) FROM range(300000) WHERE shout(range::VARCHAR, 1) = range || '!'"))
          .containsExactly(List.of(300_000L));
    }
  }

  @Test
  void temporary_files_are_bounded_and_removed() {
    Path own = directory.resolve("instance");
    try (NativeThreads threads = new NativeThreads();
        Instance instance =
            Instance.start(
                threads,
                new InstanceConfig(
                    own, List.of(), new InstanceLimits(64L << 20, 1, 8L << 20), own, List.of()));
        InstanceConnection connection = instance.connect()) {
      assertThatThrownBy(() ->
              connection.rows(
                  "SELECT max(h) FROM (SELECT md5(range::VARCHAR) AS h FROM range(4000000)"
                      + " ORDER BY h LIMIT 3500000)",
                  List.of()))
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> assertThat(e.code()).isIn(ErrorCode.DISK_FULL, ErrorCode.OUT_OF_MEMORY));
      assertThat(connection.rows("SELECT 1", List.of())).hasSize(1);
      assertThat(instance.failed()).isFalse();
    }
    assertThat(Files.exists(own)).isFalse();
  }

  @Test
  void an_ended_instance_gives_no_sessions() {
    Engine engine = new Engine(directory);
    engine.close();
    assertThatThrownBy(engine.instance::connect)
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INSTANCE_FAILED));
  }

  private InstanceConfig withSetup(boolean optional, String... statements) {
    return new InstanceConfig(
        directory.resolve("i"),
        List.of(),
        new InstanceLimits(64L << 20, 1, 0),
        directory.resolve("extensions"),
        List.of(
            new InstanceSetup(
                "fed",
                List.of(statements),
                List.of(),
                optional,
                (number, message) ->
                    new PolderException(
                        ErrorCode.SETUP_FAILED, "statement " + number + ": " + message))));
  }

  @Test
  void a_failing_setup_leaves_no_instance_and_says_which_statement_failed() {
    try (NativeThreads threads = new NativeThreads()) {
      InstanceConfig config = withSetup(false, "SET threads = 1", "ATTACH '/nowhere/x.db' AS fed");
      assertThatThrownBy(() -> Instance.start(threads, config))
          .isInstanceOfSatisfying(
              PolderException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.SETUP_FAILED);
                assertThat(e).hasMessageStartingWith("statement 2: ");
                assertThat(e).hasMessageContaining("/nowhere/x.db");
              });
    }
  }

  @Test
  void a_failing_optional_setup_leaves_itself_out() {
    try (NativeThreads threads = new NativeThreads();
        Instance instance =
            Instance.start(threads, withSetup(true, "ATTACH '/nowhere/x.db' AS fed"));
        InstanceConnection connection = instance.connect()) {
      assertThat(instance.failedSetups()).containsOnlyKeys("fed");
      assertThat(connection.rows("SELECT 1", List.of())).hasSize(1);
    }
  }

  @Test
  void an_attached_file_is_read_after_the_sandbox_has_closed_and_nothing_else_can_be_attached() {
    Path file = directory.resolve("other.db");
    try (NativeThreads threads = new NativeThreads()) {
      try (Instance writer =
              Instance.start(
                  threads, withSetup(false, "ATTACH " + Sql.literal(file.toString()) + " AS fed"));
          InstanceConnection connection = writer.connect()) {
        connection.execute("CREATE TABLE fed.main.t AS SELECT 42 AS a", List.of());
      }
      try (Instance reader =
              Instance.start(
                  threads,
                  withSetup(
                      false, "ATTACH " + Sql.literal(file.toString()) + " AS fed (READ_ONLY)"));
          InstanceConnection connection = reader.connect()) {
        assertThat(connection.rows("SELECT a FROM fed.main.t", List.of()))
            .isEqualTo(List.of(List.of(42)));
        assertThatThrownBy(() -> connection.execute("INSERT INTO fed.main.t VALUES (1)", List.of()))
            .isInstanceOf(PolderException.class);
        assertThatThrownBy(() ->
                connection.execute(
                    "ATTACH " + Sql.literal(directory.resolve("o2.db").toString()) + " AS o",
                    List.of()))
            .isInstanceOf(PolderException.class);
      }
    }
  }

  @Test
  void its_owner_changes_its_limits_while_it_runs(@TempDir Path directory) {
    String sort =
        "SELECT max(v) FROM (SELECT range || repeat('x', 100) AS v FROM range(1000000) ORDER BY v"
            + " LIMIT 900000)";
    try (NativeThreads threads = new NativeThreads();
        Instance instance =
            Instance.start(
                threads,
                new InstanceConfig(
                    directory.resolve("i"),
                    List.of(),
                    new InstanceLimits(16L << 20, 1, 0),
                    directory.resolve("extensions"),
                    List.of()));
        InstanceConnection connection = instance.connect()) {
      assertThatThrownBy(() -> connection.rows(sort, List.of()))
          .isInstanceOf(PolderException.class);
      assertThat(instance.resize(new InstanceLimits(1L << 30, 2, 1L << 30))).isTrue();
      try (InstanceConnection another = instance.connect()) {
        assertThat(another.rows(sort, List.of())).hasSize(1);
        assertThat(another.rows("SELECT current_setting('threads')", List.of()).toString())
            .isEqualTo("[[2]]");
      }
      assertThat(instance.memoryBytes()).isNotNegative();
    }
  }
}
