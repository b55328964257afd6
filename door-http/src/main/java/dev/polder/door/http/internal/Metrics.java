package dev.polder.door.http.internal;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The door's meters. Tags come from routes, formats and codes only, never from clients. */
public final class Metrics implements AutoCloseable {
  private record StatementKey(String format, String outcome) {}

  private final MeterRegistry registry;
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final Map<StatementKey, Timer> statements = new ConcurrentHashMap<>();

  public Metrics(MeterRegistry registry, Sessions sessions, RunningStatements running) {
    this.registry = registry;
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
    Gauge.builder("polder.http.sessions", sessions, Sessions::size)
        .description("sessions that clients hold open over HTTP")
        .register(registry);
    Gauge.builder("polder.http.statements.running", running, RunningStatements::size)
        .description("statements running for HTTP clients")
        .register(registry);
  }

  /**
   * Records a statement.
   *
   * @param outcome {@code ok} or the symbolic code of an error
   */
  public void statement(String format, String outcome, long nanos) {
    statements
        .computeIfAbsent(
            new StatementKey(format, outcome),
            key ->
                registry.timer(
                    "polder.http.statements",
                    Tags.of("format", key.format, "outcome", key.outcome)))
        .record(Duration.ofNanos(nanos));
  }

  @Override
  public void close() {
    gc.close();
  }
}
