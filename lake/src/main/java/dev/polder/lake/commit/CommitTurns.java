package dev.polder.lake.commit;

import dev.polder.metastore.quota.PriorityClass;
import dev.polder.metastore.quota.TurnQueue;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the commits that are built and written at once, over all tables. When there are more, the
 * priority classes of their databases take turns by their weights. Thread-safe.
 */
final class CommitTurns {
  private final TurnQueue<Waiter> queue = new TurnQueue<>();
  private final Duration timeout;
  private int free;

  CommitTurns(int permits, Duration timeout) {
    this.free = permits;
    this.timeout = timeout;
  }

  private static final class Waiter {
    final CountDownLatch woken = new CountDownLatch(1);
    boolean admitted;
  }

  /** Waits for a turn, which must be closed. */
  Turn take(PriorityClass priority) {
    Waiter waiter = new Waiter();
    synchronized (this) {
      if (free > 0) {
        free--;
        return new Turn();
      }
      queue.add(priority, waiter);
    }
    boolean interrupted = false;
    try {
      var _ = waiter.woken.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      interrupted = true;
    }
    synchronized (this) {
      if (waiter.admitted && !interrupted) {
        return new Turn();
      }
      if (waiter.admitted) {
        release();
      } else {
        queue.remove(priority, waiter);
      }
    }
    throw Conflict.of(
        interrupted
            ? "it was cancelled while it waited for its turn"
            : "others were committing for " + timeout);
  }

  private synchronized void release() {
    Waiter next = queue.poll();
    if (next == null) {
      free++;
    } else {
      next.admitted = true;
      next.woken.countDown();
    }
  }

  /** How many wait. */
  synchronized int waiting() {
    return queue.size();
  }

  /** One commit's turn. Used by its commit alone. */
  final class Turn implements AutoCloseable {
    private boolean closed;

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        release();
      }
    }
  }
}
