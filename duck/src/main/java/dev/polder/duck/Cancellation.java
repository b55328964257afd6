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
  private @Nullable String told;

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
    cancel(why, words(why));
  }

  /**
   * Ends the statement for a reason of which its user is told in these words; the first call
   * decides.
   */
  public void cancel(ErrorCode why, String message) {
    List<Runnable> listening;
    synchronized (this) {
      if (reason != null) {
        return;
      }
      reason = why;
      told = message;
      listening = List.copyOf(listeners);
    }
    listening.forEach(Runnable::run);
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
    synchronized (this) {
      return reason == null || told == null ? null : new PolderException(reason, told, cause);
    }
  }

  private static String words(ErrorCode why) {
    return switch (why) {
      case STATEMENT_TIMEOUT -> "the statement ran longer than its time limit";
      case SHUTTING_DOWN -> "the statement was ended because the server is shutting down";
      default -> "the statement was cancelled";
    };
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
