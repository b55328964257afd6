package dev.polder.metastore.internal;

import dev.polder.metastore.Metastore.Work;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A unit of work that waits to be written, and its caller. What the work gave is told to the caller
 * only when the transaction is durable. The outcome is touched by the writer's thread alone.
 */
final class PendingWrite<T> {
  private final Work<T> work;
  private final CompletableFuture<T> answer = new CompletableFuture<>();
  private boolean changed;
  private @Nullable T result;
  private @Nullable Throwable failure;

  PendingWrite(Work<T> work) {
    this.work = work;
  }

  void run(Sql sql, Runner runner) {
    failure = null;
    changed = false;
    result = runner.run(sql, work, () -> changed = true);
  }

  /** Whether it did something that others may wait for. */
  boolean hasChanged() {
    return changed && failure == null;
  }

  /** The work's own failure: it undoes its own savepoint and no other. */
  void fail(Throwable failure) {
    this.failure = failure;
  }

  @SuppressWarnings("NullAway") // null only where T itself allows it
  void settle() {
    if (failure != null) {
      answer.completeExceptionally(failure);
    } else {
      answer.complete(result);
    }
  }

  /** The whole batch failed, unless this work had failed before by itself. */
  void abandon(Throwable cause) {
    answer.completeExceptionally(failure != null ? failure : cause);
  }

  /** Waits without regard to interrupts: what was handed over will be decided. */
  T await() {
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw Failures.rethrow(e.getCause() == null ? e : e.getCause());
    }
  }
}
