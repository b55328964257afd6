package dev.polder.federation.postgres;

import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceSettings;
import dev.polder.model.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A server for all tests, and databases of their own on it. */
final class Postgres {
  private static final AtomicInteger DATABASES = new AtomicInteger();
  private static final EmbeddedPostgres SERVER = start();

  private Postgres() {}

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int port() {
    return SERVER.getPort();
  }

  /** An empty database. */
  static String database() {
    String name = "d" + DATABASES.incrementAndGet();
    execute("postgres", "CREATE DATABASE " + name);
    return name;
  }

  static SourceClient client(String database, String... more) {
    return client(settings(database, more));
  }

  static SourceClient client(SourceSettings settings) {
    return new PostgresConnector().open(settings);
  }

  /** Names and values in turn. */
  static SourceSettings settings(String database, String... more) {
    Map<String, String> properties = new HashMap<>();
    properties.put("host", "localhost");
    properties.put("port", String.valueOf(port()));
    properties.put("database", database);
    properties.put("user", "postgres");
    properties.put("password", "postgres");
    for (int i = 0; i < more.length; i += 2) {
      properties.put(more[i], more[i + 1]);
    }
    Map<String, Secret> secrets = new HashMap<>();
    properties.forEach((name, value) -> secrets.put(name, Secret.of(value)));
    return new SourceSettings("pg", false, secrets);
  }

  static Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        SERVER.getJdbcUrl("postgres", database), "postgres", "postgres");
  }

  static void execute(String database, String... statements) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(Arrays.toString(statements), e);
    }
  }

  /** The first column as text. */
  static List<String> column(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }
}
