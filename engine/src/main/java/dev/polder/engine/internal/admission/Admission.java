package dev.polder.engine.internal.admission;

import dev.polder.duck.Cancellation;
import dev.polder.metastore.quota.PriorityClass;
import dev.polder.metastore.quota.Turns;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Duration;

/**
 * Bounds the statements that work at once. Of each priority class a bounded number waits, in order
 * of arrival and for a bounded time; the rest is refused at once. The classes take turns by their
 * weights. Thread-safe.
 */
public final class Admission {
  private final Turns turns;
  private final int queueSize;
  private final Duration timeout;

  public Admission(int permits, int queueSize, Duration timeout) {
    this.turns = new Turns(permits);
    this.queueSize = queueSize;
    this.timeout = timeout;
  }

  /**
   * Waits for a permit.
   *
   * @param statement ends the wait when it is cancelled
   * @throws PolderException SERVER_BUSY when the queue is full or the wait too long, the
   *     cancellation's error when that ended the wait
   */
  public Permit acquire(Cancellation statement, PriorityClass priority) {
    Turns.Place place =
        turns
            .enter(priority, queueSize)
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.SERVER_BUSY,
                    "the server is busy: "
                        + queueSize
                        + " statements are waiting already; try again later"));
    Runnable wake = place::wake;
    statement.listen(wake);
    boolean admitted = false;
    try {
      admitted = place.await(timeout) && !statement.isCancelled();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PolderException(
          ErrorCode.STATEMENT_CANCELLED, "the statement was cancelled while it waited", e);
    } finally {
      statement.forget(wake);
      if (!admitted) {
        place.close();
      }
    }
    if (admitted) {
      return new Permit(place);
    }
    statement.check();
    throw new PolderException(
        ErrorCode.SERVER_BUSY,
        "the statement waited " + timeout.toSeconds() + " s for its turn; try again later");
  }

  /** How many statements wait. */
  public int waiting() {
    return turns.waiting();
  }

  /** How many statements could start at once. */
  public int free() {
    return turns.free();
  }

  /** One statement's place; closing it a second time does nothing. */
  public record Permit(Turns.Place place) implements AutoCloseable {
    @Override
    public void close() {
      place.close();
    }
  }
}
