package dev.polder.lake;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.PostgresMetastore;
import dev.polder.model.IdSource;
import dev.polder.model.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

/** One PostgreSQL for all tests, started when first asked for. */
final class TestPostgres {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private TestPostgres() {}

  /** A metastore with nothing in it. */
  static Metastore open() {
    String name = "m" + DATABASES.incrementAndGet();
    try (Connection connection = Server.INSTANCE.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    Clock clock = Clock.systemUTC();
    return PostgresMetastore.open(
        Server.INSTANCE.getJdbcUrl("postgres", name),
        "postgres",
        Secret.of("postgres"),
        clock,
        IdSource.timeOrdered(clock));
  }

  private static final class Server {
    static final EmbeddedPostgres INSTANCE = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
