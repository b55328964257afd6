package dev.polder.metastore.internal;

import com.zaxxer.hikari.HikariDataSource;
import dev.polder.metastore.Metastore.Work;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Reads from PostgreSQL on pooled connections, each read on one repeatable snapshot. Thread-safe.
 */
public final class PostgresReaders {
  private static final int MAX_ATTEMPTS = 4;

  private final HikariDataSource pool;
  private final Runner runner;

  public PostgresReaders(HikariDataSource pool, Runner runner) {
    this.pool = pool;
    this.runner = runner;
  }

  /** Reads again on another connection if one breaks: a read has no effect to repeat. */
  public <T> T read(Work<T> work) {
    Runner.refuseNesting();
    for (int attempt = 1; ; attempt++) {
      try {
        return readOnce(work);
      } catch (PolderException e) {
        if (attempt == MAX_ATTEMPTS || !Failures.isConnectionLost(e)) {
          throw e;
        }
      }
    }
  }

  private <T> T readOnce(Work<T> work) {
    try (Connection connection = borrow()) {
      T result = runner.run(new Sql(connection), work);
      connection.commit();
      return result;
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }

  private Connection borrow() {
    if (pool.isClosed()) {
      throw new PolderException(ErrorCode.SHUTTING_DOWN, "the metastore is closed");
    }
    try {
      return pool.getConnection();
    } catch (SQLException e) {
      throw new PolderException(
          ErrorCode.METASTORE_UNAVAILABLE,
          "the metastore's database cannot be reached; try again when it runs",
          e);
    }
  }
}
