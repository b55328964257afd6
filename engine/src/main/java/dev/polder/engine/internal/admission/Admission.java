package dev.polder.engine.internal.admission;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds the statements that work at once. A bounded number waits, in order of arrival and for a
 * bounded time; the rest is refused at once. Thread-safe.
 */
public final class Admission {
  private final Semaphore permits;
  private final AtomicInteger waiting = new AtomicInteger();
  private final int queueSize;
  private final Duration timeout;

  public Admission(int permits, int queueSize, Duration timeout) {
    this.permits = new Semaphore(permits, true);
    this.queueSize = queueSize;
    this.timeout = timeout;
  }

  /**
   * Waits for a permit.
   *
   * @throws PolderException SERVER_BUSY when the queue is full or the wait too long,
   *     STATEMENT_CANCELLED when interrupted
   */
  public Permit acquire() {
    if (permits.tryAcquire()) {
      return new Permit(permits);
    }
    if (waiting.incrementAndGet() > queueSize) {
      waiting.decrementAndGet();
      throw new PolderException(
          ErrorCode.SERVER_BUSY,
          "the server is busy: " + queueSize + " statements are waiting already; try again later");
    }
    try {
      if (!permits.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new PolderException(
            ErrorCode.SERVER_BUSY,
            "the statement waited " + timeout.toSeconds() + " s for its turn; try again later");
      }
      return new Permit(permits);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PolderException(
          ErrorCode.STATEMENT_CANCELLED, "the statement was cancelled while it waited", e);
    } finally {
      waiting.decrementAndGet();
    }
  }

  public int waiting() {
    return waiting.get();
  }

  /** One statement's place; closing it a second time does nothing. */
  public static final class Permit implements AutoCloseable {
    private final Semaphore permits;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Permit(Semaphore permits) {
      this.permits = permits;
    }

    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        permits.release();
      }
    }
  }
}
