package dev.polder.metastore;

import dev.polder.model.IdSource;
import dev.polder.model.Secret;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

/** The databases that every contract holds for. */
public enum Backend {
  SQLITE {
    @Override
    public String place(Path directory) {
      return directory.resolve("metastore.db").toString();
    }

    @Override
    public Metastore open(String place, Clock clock) {
      return SqliteMetastore.open(Path.of(place), clock, IdSource.timeOrdered(clock));
    }

    @Override
    public Connection connect(String place) throws SQLException {
      return java.sql.DriverManager.getConnection("jdbc:sqlite:" + place);
    }
  },
  POSTGRES {
    @Override
    public String place(Path directory) {
      String name = "m" + DATABASES.incrementAndGet();
      try (Connection connection = Server.INSTANCE.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + name);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
      return Server.INSTANCE.getJdbcUrl("postgres", name);
    }

    @Override
    public Metastore open(String place, Clock clock) {
      return PostgresMetastore.open(
          place, "postgres", Secret.of("postgres"), clock, IdSource.timeOrdered(clock));
    }

    @Override
    public Connection connect(String place) throws SQLException {
      return java.sql.DriverManager.getConnection(place, "postgres", "postgres");
    }
  };

  private static final AtomicInteger DATABASES = new AtomicInteger();

  /** A place with nothing in it. */
  public abstract String place(Path directory);

  public abstract Metastore open(String place, Clock clock);

  /** A connection past the metastore, to look at tables or to break them. */
  public abstract Connection connect(String place) throws SQLException;

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
