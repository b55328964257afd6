package dev.polder.metastore.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Reaches PostgreSQL for writing. The lock is taken before the snapshot (LOCK takes none), so that
 * every transaction sees all earlier ones and no serialization failure can occur between servers.
 */
public final class PostgresWriterLink implements Link {
  /** A server that stalls in a transaction must not stop the others for longer than this. */
  private static final String LIMITS =
      "SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '30s'";

  private final DataSource database;

  public PostgresWriterLink(DataSource database) {
    this.database = database;
  }

  @Override
  public Sql open() throws SQLException {
    Connection connection = database.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute(LIMITS);
    }
    return new Sql(connection);
  }

  @Override
  public String begin() {
    return "BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE writer_lock IN EXCLUSIVE MODE";
  }
}
