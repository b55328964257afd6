package dev.polder.door.flight.internal;

import dev.polder.model.PolderException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.function.Supplier;

/** What the door counts and times. Thread-safe. */
final class DoorMeters {
  private final MeterRegistry registry;
  private final Counter rows;
  private final Counter bytes;

  DoorMeters(MeterRegistry registry) {
    this.registry = registry;
    this.rows = registry.counter("polder.flight.rows");
    this.bytes = registry.counter("polder.flight.bytes");
  }

  /** Times one statement and counts it by its outcome. */
  <T> T statement(String kind, Supplier<T> work) {
    Timer.Sample sample = Timer.start(registry);
    String outcome = "ok";
    try {
      return work.get();
    } catch (PolderException e) {
      outcome = e.code().name().toLowerCase(Locale.ROOT);
      throw e;
    } catch (RuntimeException | Error e) {
      outcome = "internal_error";
      throw e;
    } finally {
      sample.stop(registry.timer("polder.flight.statements", "kind", kind, "outcome", outcome));
    }
  }

  void streamed(long batchRows, long batchBytes) {
    rows.increment((double) batchRows);
    bytes.increment((double) batchBytes);
  }
}
