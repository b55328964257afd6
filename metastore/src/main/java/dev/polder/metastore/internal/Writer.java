package dev.polder.metastore.internal;

import dev.polder.metastore.Metastore.Work;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It takes all works that wait, runs them in one transaction, each
 * behind a savepoint, and answers them when that is durable: many writers share the cost of one
 * sync to disk. Thread-safe.
 */
public final class Writer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
  private static final int MAX_BATCH = 256;
  private static final int MAX_ATTEMPTS = 5;
  private static final long BACKOFF_NANOS = 20_000_000;

  private final Link link;
  private final Runner runner;
  private final LinkedBlockingQueue<PendingWrite<?>> queue = new LinkedBlockingQueue<>();
  private final PendingWrite<Boolean> end = new PendingWrite<>(tx -> true);
  private final ReentrantLock lock = new ReentrantLock();
  private final Thread thread;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private boolean closed;
  private @Nullable Sql connection;

  public Writer(Link link, Runner runner) {
    this.link = link;
    this.runner = runner;
    this.thread = Thread.ofPlatform().name("polder-metastore-writer").daemon().start(this::loop);
  }

  /** Has the listener run after each durable commit; it must return at once and never fail. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  public <T> T write(Work<T> work) {
    Runner.refuseNesting();
    PendingWrite<T> pending = new PendingWrite<>(work);
    lock.lock();
    try {
      if (closed) {
        throw new PolderException(ErrorCode.SHUTTING_DOWN, "the metastore is closed");
      }
      queue.add(pending);
    } finally {
      lock.unlock();
    }
    return pending.await();
  }

  private void loop() {
    List<PendingWrite<?>> batch = new ArrayList<>();
    boolean open = true;
    while (open) {
      batch.clear();
      batch.add(takeUninterruptibly());
      queue.drainTo(batch, MAX_BATCH - 1);
      open = !batch.remove(end);
      if (!batch.isEmpty()) {
        write(batch);
      }
    }
    discard();
  }

  private PendingWrite<?> takeUninterruptibly() {
    while (true) {
      try {
        return queue.take();
      } catch (InterruptedException e) {
        LOG.warn("the metastore's writer was interrupted; it goes on until it is closed");
      }
    }
  }

  private void write(List<PendingWrite<?>> batch) {
    for (int attempt = 1; ; attempt++) {
      try {
        transact(batch);
        batch.forEach(PendingWrite::settle);
        if (batch.stream().anyMatch(PendingWrite::hasChanged)) {
          listeners.forEach(Runnable::run);
        }
        return;
      } catch (SQLException | PolderException e) {
        boolean again = Failures.isRetriable(e) || Failures.isConnectionLost(e);
        if (!again || attempt == MAX_ATTEMPTS) {
          PolderException failure =
              e instanceof SQLException sql ? Failures.of(sql) : (PolderException) e;
          batch.forEach(pending -> pending.abandon(failure));
          return;
        }
        LOG.debug("running a batch of {} again", batch.size(), e);
        long wait = BACKOFF_NANOS << (attempt - 1);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(wait / 2, wait));
      }
    }
  }

  /** Returns when the batch is durable; throws when nothing of it holds, or nobody knows. */
  private void transact(List<PendingWrite<?>> batch) throws SQLException {
    Sql sql = connection;
    if (sql == null) {
      sql = link.open();
      connection = sql;
    }
    boolean done = false;
    try {
      sql.execute(link.begin());
      for (PendingWrite<?> pending : batch) {
        runBehindSavepoint(sql, pending);
      }
      commit(sql);
      done = true;
    } finally {
      if (!done) {
        rollback(sql);
      }
    }
  }

  private void runBehindSavepoint(Sql sql, PendingWrite<?> pending) throws SQLException {
    sql.execute("SAVEPOINT work");
    try {
      pending.run(sql, runner);
    } catch (Throwable e) {
      if (Failures.isRetriable(e) || Failures.isConnectionLost(e)) {
        throw e;
      }
      pending.fail(e);
      sql.execute("ROLLBACK TO SAVEPOINT work");
    }
    sql.execute("RELEASE SAVEPOINT work");
  }

  private static void commit(Sql sql) throws SQLException {
    try {
      sql.execute("COMMIT");
    } catch (SQLException e) {
      if (Failures.isConnectionLost(e)) {
        throw new PolderException(
            ErrorCode.COMMIT_STATE_UNKNOWN,
            "the connection broke during the commit; read the state before you try again",
            new IllegalStateException("no answer to COMMIT", e));
      }
      throw e;
    }
  }

  private void rollback(Sql sql) {
    try {
      sql.execute("ROLLBACK");
    } catch (SQLException e) {
      LOG.debug("the writing connection is replaced", e);
      discard();
    }
  }

  private void discard() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      LOG.debug("a connection could not be closed", e);
    }
    connection = null;
  }

  /** Finishes what was handed over, then ends the thread and the connection. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        queue.add(end);
      }
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
