package dev.polder.engine.internal.admission;

import dev.polder.duck.Cancellation;
import dev.polder.metastore.quota.PriorityClass;
import dev.polder.metastore.quota.TurnQueue;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Bounds the statements that work at once. Of each priority class a bounded number waits, in order
 * of arrival and for a bounded time; the rest is refused at once. The classes take turns by their
 * weights. Thread-safe.
 */
public final class Admission {
  private final TurnQueue<Waiter> queue = new TurnQueue<>();
  private final int queueSize;
  private final Duration timeout;
  private int free;

  public Admission(int permits, int queueSize, Duration timeout) {
    this.free = permits;
    this.queueSize = queueSize;
    this.timeout = timeout;
  }

  /** A statement in the queue: woken when its turn has come, or when it is cancelled. */
  private static final class Waiter {
    final CountDownLatch woken = new CountDownLatch(1);
    final PriorityClass priority;
    boolean admitted;

    Waiter(PriorityClass priority) {
      this.priority = priority;
    }
  }

  /**
   * Waits for a permit.
   *
   * @param statement ends the wait when it is cancelled
   * @throws PolderException SERVER_BUSY when the queue is full or the wait too long, the
   *     cancellation's error when that ended the wait
   */
  public Permit acquire(Cancellation statement, PriorityClass priority) {
    Waiter waiter = new Waiter(priority);
    synchronized (this) {
      if (free > 0) {
        free--;
        return new Permit(this);
      }
      if (queue.size(priority) >= queueSize) {
        throw new PolderException(
            ErrorCode.SERVER_BUSY,
            "the server is busy: "
                + queueSize
                + " statements are waiting already; try again later");
      }
      queue.add(priority, waiter);
    }
    Runnable wake = waiter.woken::countDown;
    statement.listen(wake);
    boolean cancelled = false;
    try {
      var _ = waiter.woken.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancelled = true;
    } finally {
      statement.forget(wake);
    }
    return afterWait(waiter, statement, cancelled);
  }

  private Permit afterWait(Waiter waiter, Cancellation statement, boolean interrupted) {
    boolean admitted;
    synchronized (this) {
      admitted = waiter.admitted;
      if (!admitted) {
        queue.remove(waiter.priority, waiter);
      }
    }
    if (admitted && !interrupted && !statement.isCancelled()) {
      return new Permit(this);
    }
    if (admitted) {
      release();
    }
    statement.check();
    if (interrupted) {
      throw new PolderException(
          ErrorCode.STATEMENT_CANCELLED, "the statement was cancelled while it waited");
    }
    throw new PolderException(
        ErrorCode.SERVER_BUSY,
        "the statement waited " + timeout.toSeconds() + " s for its turn; try again later");
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

  /** How many statements wait. */
  public synchronized int waiting() {
    return queue.size();
  }

  /** How many statements could start at once. */
  public synchronized int free() {
    return free;
  }

  /** One statement's place; closing it a second time does nothing. */
  public static final class Permit implements AutoCloseable {
    private final Admission admission;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Permit(Admission admission) {
      this.admission = admission;
    }

    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        admission.release();
      }
    }
  }
}
