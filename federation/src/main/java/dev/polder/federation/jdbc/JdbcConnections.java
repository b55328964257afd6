package dev.polder.federation.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connections of one source, at most so many at once. A connection that cannot be made fails at
 * once, with the driver's own words. Thread-safe.
 */
public final class JdbcConnections implements AutoCloseable {
  private static final long TRUSTED_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long KEPT_NANOS = Duration.ofMinutes(5).toNanos();
  private static final int VALID_SECONDS = 3;

  private final Opening opening;
  private final Duration patience;
  private final int mostIdle;
  private final Semaphore permits;
  private final Deque<Idle> idle = new ArrayDeque<>();
  private boolean closed;

  /** Makes a connection. */
  public interface Opening {
    Connection open() throws SQLException;
  }

  private record Idle(Connection connection, long since) {}

  /**
   * Opens nothing yet.
   *
   * @param mostIdle how many are kept for the next use
   * @param patience how long to wait for another user's connection
   */
  public JdbcConnections(Opening opening, int most, int mostIdle, Duration patience) {
    this.opening = opening;
    this.patience = patience;
    this.mostIdle = mostIdle;
    permits = new Semaphore(most, true);
  }

  public Connection take() throws SQLException {
    try {
      if (!permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new SQLTransientConnectionException(
            "all of its connections are in use; try again, or raise maxConnections", "08000");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientConnectionException("the wait for a connection was ended", "08000", e);
    }
    try {
      for (Idle next = poll(); next != null; next = poll()) {
        if (System.nanoTime() - next.since() < TRUSTED_NANOS
            || next.connection().isValid(VALID_SECONDS)) {
          return next.connection();
        }
        next.connection().close();
      }
      return opening.open();
    } catch (SQLException | RuntimeException e) {
      permits.release();
      throw e;
    }
  }

  private synchronized @Nullable Idle poll() throws SQLException {
    if (closed) {
      throw new SQLTransientConnectionException("the source was changed or dropped", "08003");
    }
    return idle.pollFirst();
  }

  /** Takes back a connection without a transaction; a dirty one is closed. */
  public void giveBack(Connection connection, boolean clean) throws SQLException {
    try {
      if (clean && keep(connection)) {
        return;
      }
      connection.close();
    } finally {
      permits.release();
    }
  }

  private synchronized boolean keep(Connection connection) throws SQLException {
    long now = System.nanoTime();
    for (Idle last = idle.peekLast();
        last != null && now - last.since() > KEPT_NANOS;
        last = idle.peekLast()) {
      idle.removeLast();
      last.connection().close();
    }
    if (closed || idle.size() >= mostIdle) {
      return false;
    }
    idle.addFirst(new Idle(connection, now));
    return true;
  }

  @Override
  public synchronized void close() throws SQLException {
    closed = true;
    SQLException failure = null;
    for (Idle each : idle) {
      try {
        each.connection().close();
      } catch (SQLException e) {
        failure = e;
      }
    }
    idle.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
