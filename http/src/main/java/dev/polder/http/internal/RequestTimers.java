package dev.polder.http.internal;

import dev.polder.http.Route;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long requests took, by route and status: never by what a client wrote. Thread-safe. */
final class RequestTimers {
  private record Key(Route route, int status) {}

  private final MeterRegistry registry;
  private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

  RequestTimers(MeterRegistry registry) {
    this.registry = registry;
  }

  void record(Route route, int status, long nanos) {
    timers
        .computeIfAbsent(
            new Key(route, status),
            key ->
                registry.timer(
                    "http.server.requests",
                    Tags.of(
                        "method",
                        key.route.method(),
                        "route",
                        key.route.path(),
                        "status",
                        Integer.toString(key.status))))
        .record(Duration.ofNanos(nanos));
  }
}
