package dev.polder.metastore.internal;

import dev.polder.metastore.Metastore.Work;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Reads from PostgreSQL on pooled connections, each read on one repeatable snapshot. Thread-safe.
 */
public final class PostgresReaders {
  private final DataSource pool;
  private final Runner runner;

  public PostgresReaders(DataSource pool, Runner runner) {
    this.pool = pool;
    this.runner = runner;
  }

  public <T> T read(Work<T> work) {
    Runner.refuseNesting();
    try (Connection connection = borrow()) {
      T result = runner.run(new Sql(connection), work);
      connection.commit();
      return result;
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }

  private Connection borrow() {
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
