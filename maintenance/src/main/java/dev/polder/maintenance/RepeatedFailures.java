package dev.polder.maintenance;

import dev.polder.model.DatabaseId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What fails again and again for mirrors: when to try it next, each time twice as late, and what is
 * worth a line in the log: the first failure, another reason, and now and then that it still fails.
 * Thread-safe.
 */
final class RepeatedFailures {
  static final Duration FIRST = Duration.ofSeconds(1);
  static final Duration LONGEST = Duration.ofSeconds(30);
  static final Duration TOLD_AGAIN = Duration.ofMinutes(10);
  private static final Failing NONE = new Failing("", 0, 0, 0, 0);
  private static final int MOST_DOUBLINGS = 10;

  private final String what;
  private final LongSupplier nanos;
  private final Map<DatabaseId, Failing> failing = new ConcurrentHashMap<>();

  /**
   * @param untold how many times since the log was told
   */
  private record Failing(String error, int times, int untold, long toldAt, long notBefore) {}

  /**
   * @param what is not done, as the log says it
   * @param nanos a clock that only goes on
   */
  RepeatedFailures(String what, LongSupplier nanos) {
    this.what = what;
    this.nanos = nanos;
  }

  /**
   * Notes one more.
   *
   * @param longest how long to wait at most before it is tried again
   * @return what to log; empty: the log knows
   */
  Optional<String> failed(DatabaseId mirror, String error, Duration longest) {
    long now = nanos.getAsLong();
    Failing before = failing.getOrDefault(mirror, NONE);
    int times = before.times() + 1;
    long wait = Math.min(FIRST.toNanos() << Math.min(times - 1, MOST_DOUBLINGS), longest.toNanos());
    boolean another = !before.error().equals(error);
    boolean told = another || now - before.toldAt() >= TOLD_AGAIN.toNanos();
    int untold = before.untold() + 1;
    failing.put(
        mirror,
        new Failing(error, times, told ? 0 : untold, told ? now : before.toldAt(), now + wait));
    if (!told) {
      return Optional.empty();
    }
    return Optional.of(
        "mirror "
            + mirror
            + (another ? " " : " still ")
            + what
            + (untold > 1 ? ", " + untold + " times since this was told last: " : ": ")
            + error);
  }

  /** Whether it is time to try. */
  boolean mayTry(DatabaseId mirror) {
    Failing last = failing.get(mirror);
    return last == null || nanos.getAsLong() - last.notBefore() >= 0;
  }

  /** Lets it be tried at once: something was done about it. */
  void hurry(DatabaseId mirror) {
    failing.computeIfPresent(
        mirror,
        (id, last) ->
            new Failing(last.error(), 0, last.untold(), last.toldAt(), nanos.getAsLong()));
  }

  /**
   * It is done.
   *
   * @return how often it had failed before
   */
  int succeeded(DatabaseId mirror) {
    Failing last = failing.remove(mirror);
    return last == null ? 0 : last.times();
  }

  /** Forgets all other mirrors. */
  void retain(Set<DatabaseId> mirrors) {
    failing.keySet().retainAll(mirrors);
  }
}
