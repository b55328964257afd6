package dev.polder.policy;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.PostgresMetastore;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.model.IdSource;
import dev.polder.model.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

/** The databases that hold the metastore. */
public enum Store {
  SQLITE {
    @Override
    String place(Path directory) {
      return directory.resolve("metastore.db").toString();
    }

    @Override
    Metastore open(String place, Clock clock) {
      return SqliteMetastore.open(Path.of(place), clock, IdSource.timeOrdered(clock));
    }

    @Override
    Connection connect(String place) throws SQLException {
      return DriverManager.getConnection("jdbc:sqlite:" + place);
    }
  },
  POSTGRES {
    @Override
    String place(Path directory) {
      String name = "policy" + DATABASES.incrementAndGet();
      try (Connection connection = Server.INSTANCE.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      return Server.INSTANCE.getJdbcUrl("postgres", name);
    }

    @Override
    Metastore open(String place, Clock clock) {
      return PostgresMetastore.open(
          place, "postgres", Secret.of("postgres"), clock, IdSource.timeOrdered(clock));
    }

    @Override
    Connection connect(String place) throws SQLException {
      return DriverManager.getConnection(place, "postgres", "postgres");
    }
  };

  private static final AtomicInteger DATABASES = new AtomicInteger();

  abstract String place(Path directory);

  abstract Metastore open(String place, Clock clock);

  /** A connection past the metastore, to look at tables or to tamper with them. */
  abstract Connection connect(String place) throws SQLException;

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
