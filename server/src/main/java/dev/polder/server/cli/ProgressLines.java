package dev.polder.server.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Says from time to time, beside the result, how far something is that takes long: nothing is said
 * of what is quick. It is asked on a thread of its own until it is closed.
 */
final class ProgressLines implements AutoCloseable {
  private static final Duration FIRST = Duration.ofSeconds(2);
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("polder-progress").daemon().factory());
  private final Screen screen;
  private final Supplier<Optional<String>> progress;

  /**
   * @param progress what to say; empty: nothing is known
   */
  ProgressLines(Screen screen, Supplier<Optional<String>> progress) {
    this(screen, progress, FIRST, EVERY);
  }

  ProgressLines(
      Screen screen, Supplier<Optional<String>> progress, Duration first, Duration every) {
    this.screen = screen;
    this.progress = progress;
    var _ =
        thread.scheduleWithFixedDelay(
            this::say, first.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void say() {
    progress.get().ifPresent(screen::note);
  }

  /** What is being asked is not waited for. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
