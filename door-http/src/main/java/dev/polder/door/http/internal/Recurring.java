package dev.polder.door.http.internal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A chore done again and again on a thread of its own until it is closed. Thread-safe. */
public final class Recurring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recurring.class);

  private final CountDownLatch stop = new CountDownLatch(1);
  private final String name;
  private final Duration pause;
  private final Runnable chore;

  private Recurring(String name, Duration pause, Runnable chore) {
    this.name = name;
    this.pause = pause;
    this.chore = chore;
  }

  public static Recurring start(String name, Duration pause, Runnable chore) {
    Recurring recurring = new Recurring(name, pause, chore);
    Thread.ofPlatform().daemon().name(name).start(recurring::run);
    return recurring;
  }

  @Override
  public void close() {
    stop.countDown();
  }

  private void run() {
    try {
      while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          chore.run();
        } catch (RuntimeException e) {
          // One session's failure to close must not end the care for the others.
          LOG.error("{} failed; it goes on", name, e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
