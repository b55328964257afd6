package dev.polder.maintenance;

import dev.polder.lake.collect.CollectOptions;
import java.time.Duration;

/**
 * What is done in the background, and how often.
 *
 * @param threads jobs at once
 * @param poll how soon a new job is noticed
 * @param collectEvery how often the collector runs
 * @param sweepEvery how often it looks through the whole warehouse
 * @param expireEvery how often databases past their time are looked for
 */
public record MaintenanceOptions(
    CollectOptions collect,
    int threads,
    Duration poll,
    Duration collectEvery,
    Duration sweepEvery,
    Duration expireEvery) {
  public static final MaintenanceOptions DEFAULT =
      new MaintenanceOptions(
          CollectOptions.DEFAULT,
          2,
          Duration.ofSeconds(1),
          Duration.ofHours(1),
          Duration.ofDays(1),
          Duration.ofSeconds(30));
}
