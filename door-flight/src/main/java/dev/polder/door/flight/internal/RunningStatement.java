package dev.polder.door.flight.internal;

import dev.polder.engine.Session;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A statement that can be cancelled from when it is handed to the engine until it has ended.
 * Thread-safe.
 */
final class RunningStatement implements AutoCloseable {
  private final Session session;
  private final UUID statement;
  private final Executor executor;
  private final AtomicBoolean cancelled = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);

  RunningStatement(Session session, UUID statement, Executor executor) {
    this.session = session;
    this.statement = statement;
    this.executor = executor;
  }

  UUID statement() {
    return statement;
  }

  boolean cancelled() {
    return cancelled.get();
  }

  /** Returns at once. */
  void cancel() {
    if (ended.getCount() > 0 && cancelled.compareAndSet(false, true)) {
      executor.execute(this::cancelUntilEnded);
    }
  }

  // The engine knows the statement only some time after it was handed over: once is not enough.
  private void cancelUntilEnded() {
    try {
      do {
        session.cancel(statement);
      } while (!ended.await(50, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
  }
}
