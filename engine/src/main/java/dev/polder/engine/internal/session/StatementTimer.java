package dev.polder.engine.internal.session;

import dev.polder.duck.Cancellation;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends statements whose time is over. Thread-safe. */
public final class StatementTimer implements AutoCloseable {
  private final ScheduledThreadPoolExecutor executor;

  public StatementTimer() {
    executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("statement-timer").factory());
    executor.setRemoveOnCancelPolicy(true);
  }

  /** The time limit of one statement; closing it lifts it. */
  public record Limit(ScheduledFuture<?> future) implements AutoCloseable {
    @Override
    public void close() {
      future.cancel(false);
    }
  }

  Limit limit(Cancellation cancellation, Duration time) {
    return new Limit(
        executor.schedule(
            () -> cancellation.cancel(ErrorCode.STATEMENT_TIMEOUT),
            time.toMillis(),
            TimeUnit.MILLISECONDS));
  }

  /** Ends the statement after that time with the code and the words of a failure. */
  Limit limit(Cancellation cancellation, Duration time, PolderException failure) {
    return new Limit(
        executor.schedule(
            () -> cancellation.cancel(failure.code(), String.valueOf(failure.getMessage())),
            time.toMillis(),
            TimeUnit.MILLISECONDS));
  }

  /** Runs a task again and again with a pause between. */
  public void every(Duration pause, Runnable task) {
    var _ =
        executor.scheduleWithFixedDelay(
            task, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
