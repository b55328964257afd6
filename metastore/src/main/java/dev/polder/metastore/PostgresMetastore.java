package dev.polder.metastore;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.polder.metastore.internal.Migrations;
import dev.polder.metastore.internal.PostgresReaders;
import dev.polder.metastore.internal.PostgresWriterLink;
import dev.polder.metastore.internal.Runner;
import dev.polder.metastore.internal.Writer;
import dev.polder.model.ErrorCode;
import dev.polder.model.IdSource;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.time.Clock;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The metastore that several servers share, in a PostgreSQL database. Writes of all servers follow
 * one another under one lock, so that none ever sees or waits for half of another. Thread-safe.
 */
public final class PostgresMetastore implements Metastore {
  private static final int READERS = 16;
  private static final int CONNECT_SECONDS = 10;
  private static final int SOCKET_SECONDS = 60;
  private static final long BORROW_MILLIS = 10_000;

  private final HikariDataSource pool;
  private final PostgresReaders readers;
  private final Writer writer;

  private PostgresMetastore(HikariDataSource pool, PostgresReaders readers, Writer writer) {
    this.pool = pool;
    this.readers = readers;
    this.writer = writer;
  }

  /**
   * Opens the database, making the tables if needed.
   *
   * @param url as of JDBC: {@code jdbc:postgresql://host:port/database}
   */
  public static PostgresMetastore open(
      String url, String user, Secret password, Clock clock, IdSource ids) {
    PGSimpleDataSource database = new PGSimpleDataSource();
    try {
      database.setUrl(url);
    } catch (IllegalArgumentException e) {
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION,
          "the metastore's URL must look like jdbc:postgresql://host:port/database",
          e);
    }
    database.setUser(user);
    database.setPassword(password.reveal());
    database.setApplicationName("polder");
    database.setConnectTimeout(CONNECT_SECONDS);
    database.setSocketTimeout(SOCKET_SECONDS);
    database.setTcpKeepAlive(true);
    Runner runner = new Runner(clock, ids);
    Migrations.POSTGRES.run(database, runner);
    HikariDataSource pool = pool(database);
    return new PostgresMetastore(
        pool,
        new PostgresReaders(pool, runner),
        new Writer(new PostgresWriterLink(database), runner));
  }

  private static HikariDataSource pool(PGSimpleDataSource database) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("polder-metastore");
    config.setDataSource(database);
    config.setMaximumPoolSize(READERS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(BORROW_MILLIS);
    config.setAutoCommit(false);
    config.setReadOnly(true);
    config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
    return new HikariDataSource(config);
  }

  @Override
  public <T> T read(Work<T> work) {
    return readers.read(work);
  }

  @Override
  public <T> T write(Work<T> work) {
    return writer.write(work);
  }

  @Override
  public void onChange(Runnable listener) {
    writer.onChange(listener);
  }

  @Override
  public boolean isShared() {
    return true;
  }

  /** Finishes the writes handed over before. */
  @Override
  public void close() {
    writer.close();
    pool.close();
  }
}
