package dev.polder.engine.internal.quota;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts what happens a second, over the last ten. Thread-safe, and exact to a few. */
final class RateMeter {
  private static final int SECONDS = 10;

  /** Two for each second: which one, and how often. */
  private final AtomicLongArray slots = new AtomicLongArray(2 * (SECONDS + 1));

  void mark() {
    long second = now();
    int slot = slot(second);
    long told = slots.get(slot);
    if (told != second && slots.compareAndSet(slot, told, second)) {
      slots.set(slot + 1, 0);
    }
    slots.incrementAndGet(slot + 1);
  }

  /** Rounded up: zero only when nothing happened at all. */
  long perSecond() {
    long second = now();
    long sum = 0;
    for (long each = second - SECONDS + 1; each <= second; each++) {
      int slot = slot(each);
      if (slots.get(slot) == each) {
        sum += slots.get(slot + 1);
      }
    }
    return (sum + SECONDS - 1) / SECONDS;
  }

  private static int slot(long second) {
    return 2 * Math.floorMod(second, SECONDS + 1);
  }

  private static long now() {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
  }
}
