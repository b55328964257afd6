package dev.polder.policy.internal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The metastore's times: microseconds since the epoch. */
public final class Micros {
  private Micros() {}

  public static long of(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  public static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
