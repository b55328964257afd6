package dev.polder.duck;

import dev.polder.model.PolderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/** Boots DuckDB databases into their locked state. The order matters: set up, sandbox, lock. */
final class Sandbox {
  /** Deep enough for generated predicates, shallow enough for the stacks of native threads. */
  private static final int MAX_EXPRESSION_DEPTH = 1_000;

  /** What the owner of an instance may change while it runs; no text of a user is ever a SET. */
  private static final List<String> LIMITS =
      List.of("'memory_limit'", "'max_temp_directory_size'", "'threads'");

  private Sandbox() {}

  static List<String> limits(InstanceLimits limits) {
    return List.of(
        "SET memory_limit = '" + limits.memoryBytes() + "B'",
        "SET max_temp_directory_size = '" + limits.tempBytes() + "B'",
        "SET threads = " + limits.threads());
  }

  /** The instance behind {@link DuckParser}: nothing in it, nothing allowed. */
  static DuckDBConnection parserInstance() throws SQLException {
    DuckDBConnection connection = open();
    try {
      run(
          connection,
          List.of(
              "SET threads = 1",
              "SET memory_limit = '1GB'",
              "SET temp_directory = ''",
              "SET enable_external_access = false",
              "SET lock_configuration = true"));
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  /**
   * Boots an instance.
   *
   * @param failed is told which optional setups failed, and how
   */
  static DuckDBConnection instance(
      InstanceConfig config, BiConsumer<String, PolderException> failed)
      throws SQLException, IOException {
    Path temp = Files.createDirectories(config.instanceDirectory().resolve("tmp"));
    Path secrets = Files.createDirectories(config.instanceDirectory().resolve("secrets"));
    List<String> boot = new ArrayList<>();
    boot.add("SET temp_directory = " + Sql.literal(temp.toAbsolutePath().toString()));
    boot.add("SET secret_directory = " + Sql.literal(secrets.toAbsolutePath().toString()));
    boot.add("SET allow_persistent_secrets = false");
    boot.add("SET autoinstall_known_extensions = false");
    boot.add("SET autoload_known_extensions = false");
    boot.add("SET allow_community_extensions = false");
    boot.addAll(limits(config.limits()));
    boot.add("SET max_expression_depth = " + MAX_EXPRESSION_DEPTH);
    boot.add("SET errors_as_json = true");
    boot.add("SET TimeZone = 'UTC'");
    List<String> close = new ArrayList<>();
    List<String> allowed = new ArrayList<>(config.allowedDirectories());
    config.setups().forEach(setup -> allowed.addAll(setup.allowedPaths()));
    close.add("SET allowed_configs = ['TimeZone', " + String.join(", ", LIMITS) + "]");
    close.add(
        allowed.stream()
            .map(Sandbox::directory)
            .map(Sql::literal)
            .collect(Collectors.joining(", ", "SET allowed_directories = [", "]")));
    close.add("SET enable_external_access = false");
    close.add("SET lock_configuration = true");
    DuckDBConnection connection = open();
    try {
      run(connection, boot);
      for (InstanceSetup setup : config.setups()) {
        setUp(connection, config, setup, failed);
      }
      run(connection, close);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
    return connection;
  }

  private static void setUp(
      DuckDBConnection connection,
      InstanceConfig config,
      InstanceSetup setup,
      BiConsumer<String, PolderException> failed)
      throws SQLException {
    run(
        connection,
        List.of(
            "SET extension_directory = "
                + Sql.literal(config.extensionDirectory().toAbsolutePath().toString())));
    int number = 1;
    for (String sql : setup.statements()) {
      try {
        run(connection, List.of(sql));
      } catch (SQLException e) {
        PolderException failure = setup.failure().of(number, DuckErrors.message(e));
        if (!setup.optional()) {
          throw failure;
        }
        failed.accept(setup.name(), failure);
        return;
      }
      number++;
    }
  }

  /** DuckDB compares by prefix: without the slash, {@code /data/a} would allow {@code /data/ab}. */
  private static String directory(String path) {
    return path.endsWith("/") ? path : path + "/";
  }

  private static DuckDBConnection open() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("jdbc_stream_results", "true");
    return (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", properties);
  }

  private static void run(DuckDBConnection connection, List<String> statements)
      throws SQLException {
    for (String sql : statements) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }
  }
}
