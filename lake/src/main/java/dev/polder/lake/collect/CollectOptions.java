package dev.polder.lake.collect;

import java.time.Duration;

/**
 * How long things are kept.
 *
 * @param retention states up to this age can be asked for
 * @param undropRetention a dropped database can be had back for this long
 * @param grace a file is deleted this long after nothing reached it any more, at the earliest
 * @param journal what was deleted is remembered for this long
 */
public record CollectOptions(
    Duration retention, Duration undropRetention, Duration grace, Duration journal) {
  public static final CollectOptions DEFAULT =
      new CollectOptions(
          Duration.ofDays(7), Duration.ofDays(7), Duration.ofHours(24), Duration.ofDays(30));
}
