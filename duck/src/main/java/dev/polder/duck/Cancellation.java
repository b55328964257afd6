package dev.polder.duck;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The wish to end one statement, however many native calls it takes. A connection asks it before
 * and listens to it during each call, so a late cancel of one statement never touches the next.
 * Thread-safe; it stays cancelled.
 */
public final class Cancellation {
  private final List<Runnable> listeners = new ArrayList<>();
  private @Nullable ErrorCode reason;

  /** The user's cancel. */
  public void cancel() {
    cancel(ErrorCode.STATEMENT_CANCELLED);
  }

  /**
   * Ends the statement for a reason that its user is told.
   *
   * @param why {@code STATEMENT_CANCELLED}, {@code STATEMENT_TIMEOUT} or {@code SHUTTING_DOWN}; the
   *     first call decides
   */
  public void cancel(ErrorCode why) {
    List<Runnable> told;
    synchronized (this) {
      if (reason != null) {
        return;
      }
      reason = why;
      told = List.copyOf(listeners);
    }
    told.forEach(Runnable::run);
  }

  public synchronized boolean isCancelled() {
    return reason != null;
  }

  /** Fails when cancelled. */
  public void check() {
    PolderException failure = failure(null);
    if (failure != null) {
      throw failure;
    }
  }

  /** The error to show, or null when not cancelled. */
  @Nullable PolderException failure(@Nullable Throwable cause) {
    ErrorCode why;
    synchronized (this) {
      why = reason;
    }
    if (why == null) {
      return null;
    }
    String message =
        switch (why) {
          case STATEMENT_TIMEOUT -> "the statement ran longer than its time limit";
          case SHUTTING_DOWN -> "the statement was ended because the server is shutting down";
          default -> "the statement was cancelled";
        };
    return new PolderException(why, message, cause);
  }

  /** Runs the listener at the cancel, or at once if that has happened, until it is removed. */
  public void listen(Runnable listener) {
    synchronized (this) {
      if (reason == null) {
        listeners.add(listener);
        return;
      }
    }
    listener.run();
  }

  /** Takes a listener away; it may be running just now. */
  public synchronized void forget(Runnable listener) {
    listeners.remove(listener);
  }
}
