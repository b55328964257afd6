package dev.polder.federation.postgres;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.postgresql.Driver;
import org.postgresql.jdbc.PgConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few connections of one source. Whoever needs one connects by himself, so that a refusal is
 * known at once and in its own words; none is kept that nobody used for a minute. Thread-safe.
 */
final class PostgresConnections implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresConnections.class);
  private static final long IDLE_SECONDS = 60;
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(
          IDLE_SECONDS + 1, TimeUnit.SECONDS, task -> Thread.ofVirtual().start(task));

  /** Nothing of the server's configuration or of the driver's surroundings changes a value. */
  private static final String SETTINGS =
      "SELECT set_config('search_path', '', false), set_config('TimeZone', 'UTC', false),"
          + " set_config('DateStyle', 'ISO, YMD', false),"
          + " set_config('IntervalStyle', 'postgres', false),"
          + " set_config('extra_float_digits', '1', false),"
          + " set_config('bytea_output', 'hex', false),"
          + " set_config('standard_conforming_strings', 'on', false)";

  private final PostgresSettings settings;
  private final PostgresErrors errors;
  private final Semaphore permits;
  private final Deque<Idle> idle = new ArrayDeque<>();
  private final Set<PgConnection> lent = new HashSet<>();
  private boolean closed;

  PostgresConnections(PostgresSettings settings, PostgresErrors errors) {
    this.settings = settings;
    this.errors = errors;
    this.permits = new Semaphore(settings.maxConnections(), true);
  }

  private record Idle(PgConnection connection, long since) {}

  /** What is done with a connection; done again with another one where the connection was dead. */
  interface Work<T> {
    T apply(PgConnection connection) throws SQLException;
  }

  private record Done<T>(PgConnection connection, T result) {}

  /** Uses a connection for something outside any transaction. */
  <T> T with(Work<T> work) {
    Done<T> done = first(work);
    giveBack(done.connection());
    return done.result();
  }

  /** A connection that has done this; must be given back or discarded. */
  PgConnection begin(String sql) {
    return first(
            connection -> {
              execute(connection, sql);
              return true;
            })
        .connection();
  }

  /** Another connection, where one is free at once. */
  Optional<PgConnection> beginMore(String sql) {
    if (!permits.tryAcquire()) {
      return Optional.empty();
    }
    return Optional.of(
        permitted(
                connection -> {
                  execute(connection, sql);
                  return true;
                })
            .connection());
  }

  /** Several commands at once are one round trip. */
  static void execute(PgConnection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private <T> Done<T> first(Work<T> work) {
    try {
      if (!permits.tryAcquire(settings.connectTimeout(), TimeUnit.SECONDS)) {
        throw errors.unavailable(
            "all "
                + settings.maxConnections()
                + " connections are in use; raise property maxConnections or try again",
            null);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw errors.unavailable("interrupted while waiting for a connection", e);
    }
    return permitted(work);
  }

  private <T> Done<T> permitted(Work<T> work) {
    boolean done = false;
    try {
      while (true) {
        Optional<PgConnection> known = reuse();
        PgConnection connection = known.isPresent() ? known.get() : connect();
        try {
          T result = work.apply(connection);
          lend(connection);
          done = true;
          return new Done<>(connection, result);
        } catch (SQLException e) {
          end(connection);
          if (known.isEmpty() || !PostgresErrors.broken(e)) {
            throw errors.of(e);
          }
        }
      }
    } finally {
      if (!done) {
        permits.release();
      }
    }
  }

  private synchronized Optional<PgConnection> reuse() {
    return Optional.ofNullable(idle.pollLast()).map(Idle::connection);
  }

  private synchronized void lend(PgConnection connection) {
    if (closed) {
      end(connection);
      throw errors.unavailable("it was closed", null);
    }
    lent.add(connection);
  }

  private PgConnection connect() {
    try {
      if (!(new Driver().connect(settings.url(), settings.driverProperties())
          instanceof PgConnection connection)) {
        throw new IllegalStateException("the driver knows no such address");
      }
      try {
        execute(
            connection,
            SETTINGS
                + (settings.readOnly()
                    ? ", set_config('default_transaction_read_only', 'on', false)"
                    : ""));
        return connection;
      } catch (SQLException e) {
        end(connection);
        throw e;
      }
    } catch (SQLException e) {
      throw errors.connecting(e);
    }
  }

  /** A connection with no transaction open on it. */
  void giveBack(PgConnection connection) {
    synchronized (this) {
      if (!lent.remove(connection)) {
        return;
      }
      if (!closed) {
        idle.addLast(new Idle(connection, System.nanoTime()));
      } else {
        end(connection);
      }
    }
    permits.release();
    LATER.execute(this::prune);
  }

  /** A connection of which nobody knows what it is in. */
  void discard(PgConnection connection) {
    synchronized (this) {
      if (!lent.remove(connection)) {
        return;
      }
    }
    permits.release();
    end(connection);
  }

  private void prune() {
    List<PgConnection> old = new ArrayList<>();
    synchronized (this) {
      long now = System.nanoTime();
      while (!idle.isEmpty()
          && now - idle.peekFirst().since() > TimeUnit.SECONDS.toNanos(IDLE_SECONDS)) {
        old.add(idle.removeFirst().connection());
      }
    }
    old.forEach(PostgresConnections::end);
  }

  @Override
  public void close() {
    List<PgConnection> all = new ArrayList<>();
    synchronized (this) {
      closed = true;
      idle.forEach(element -> all.add(element.connection()));
      idle.clear();
      all.addAll(lent);
    }
    for (PgConnection connection : all) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.debug("a connection of source {} did not end", settings.alias(), e);
      }
    }
  }

  private static void end(PgConnection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("a connection did not close", e);
    }
  }
}
