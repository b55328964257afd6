package dev.polder.metastore.internal;

import dev.polder.metastore.Metastore.Work;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Read-only connections to one SQLite file. A platform thread reads by itself; a virtual one hands
 * its work to the pool's threads, for native code must not hold a carrier. Thread-safe.
 */
public final class ReadPool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReadPool.class);

  private final Link link;
  private final Runner runner;
  private final int size;
  private final LinkedBlockingDeque<Sql> idle = new LinkedBlockingDeque<>();
  private final ExecutorService threads;
  private volatile boolean closed;

  public ReadPool(Link link, Runner runner, int size) throws SQLException {
    this.link = link;
    this.runner = runner;
    this.size = size;
    for (int i = 0; i < size; i++) {
      idle.add(link.open());
    }
    this.threads =
        Executors.newFixedThreadPool(
            size, Thread.ofPlatform().name("polder-metastore-reader-", 0).daemon().factory());
  }

  public <T> T read(Work<T> work) {
    Runner.refuseNesting();
    if (!Thread.currentThread().isVirtual()) {
      return readHere(work);
    }
    try {
      return CompletableFuture.supplyAsync(() -> readHere(work), threads).join();
    } catch (CompletionException e) {
      throw Failures.rethrow(e.getCause() == null ? e : e.getCause());
    } catch (RejectedExecutionException e) {
      throw new PolderException(ErrorCode.SHUTTING_DOWN, "the metastore is closed", e);
    }
  }

  private <T> T readHere(Work<T> work) {
    Sql sql = borrow();
    boolean usable = false;
    try {
      sql.execute(link.begin());
      try {
        return runner.run(sql, work);
      } finally {
        sql.execute("COMMIT");
        usable = true;
      }
    } catch (SQLException e) {
      throw Failures.of(e);
    } finally {
      giveBack(sql, usable);
    }
  }

  private Sql borrow() {
    if (closed) {
      throw new PolderException(ErrorCode.SHUTTING_DOWN, "the metastore is closed");
    }
    try {
      return idle.takeFirst();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PolderException(
          ErrorCode.STATEMENT_CANCELLED, "cancelled while waiting for the metastore", e);
    }
  }

  /** The most recently used connection is the next to be used: its pages are warm. */
  private void giveBack(Sql sql, boolean usable) {
    if (usable) {
      idle.addFirst(sql);
      return;
    }
    try {
      sql.close();
      idle.addFirst(link.open());
    } catch (SQLException e) {
      LOG.error("a reading connection could not be replaced; the pool keeps the broken one", e);
      idle.addLast(sql);
    }
  }

  /** Waits for reads that run. */
  @Override
  public void close() {
    closed = true;
    threads.close();
    for (int i = 0; i < size; i++) {
      try {
        idle.takeFirst().close();
      } catch (SQLException e) {
        LOG.debug("a connection could not be closed", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
