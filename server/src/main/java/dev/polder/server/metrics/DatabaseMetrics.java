package dev.polder.server.metrics;

import dev.polder.engine.Engine;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeMeters;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.Page;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.mirror.Follower;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.metastore.mirror.MirrorHealth;
import dev.polder.metastore.mirror.MirrorMode;
import dev.polder.metastore.quota.ServerUse;
import dev.polder.model.DatabaseId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The figures of each database, and of each tenant in it, looked up every few seconds: a renamed
 * database's series go on under the new name, a dropped one's end. What is used is this server's
 * part; stored bytes are the whole. Thread-safe; closing it ends the looking.
 */
public final class DatabaseMetrics implements AutoCloseable {
  /** Databases beyond these, by name, have no series: somebody could make very many. */
  static final int MOST_DATABASES = 1_000;

  /** Spaces beyond these have no series. */
  static final int MOST_TENANTS = 5_000;

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseMetrics.class);
  private static final Duration EVERY = Duration.ofSeconds(5);

  /** What is told of a database. */
  private enum Figure {
    QPS("Statements a second, on this server"),
    MEMORY_BYTES("Memory that the database's instances use, on this server"),
    STORAGE_BYTES("Bytes of live files that the database is charged with"),
    CONNECTIONS("Sessions that are open in the database, on this server"),
    MIRROR_LAG_MS("How far a mirror is behind its source, in milliseconds"),
    MIRRORS_DEGRADED(
        "How many synchronous mirrors commits go on without, or 1 of a mirror that is one"),
    WAL_COMMIT_LATENCY_P99("Seconds that 99 of 100 commits took at most, on this server"),
    MAINTENANCE_CPU_SECONDS("Processor time of background work for the database, on this server");

    private final String help;

    Figure(String help) {
      this.help = help;
    }

    private String meter() {
      return "polder_database_" + name().toLowerCase(Locale.ROOT);
    }
  }

  private final Metastore metastore;
  private final Engine engine;
  private final LakeMeters meters;
  private final Map<Figure, MultiGauge> databases = new EnumMap<>(Figure.class);
  private final MultiGauge tenantQps;
  private final MultiGauge tenantMemory;
  private volatile boolean away;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("polder-metrics").daemon().factory());

  public DatabaseMetrics(Metastore metastore, Lake lake, Engine engine, MeterRegistry registry) {
    this.metastore = metastore;
    this.engine = engine;
    this.meters = lake.meters();
    for (Figure figure : Figure.values()) {
      databases.put(
          figure, MultiGauge.builder(figure.meter()).description(figure.help).register(registry));
    }
    tenantQps =
        MultiGauge.builder("polder_tenant_qps")
            .description("Statements a second of the tenant in the database, on this server")
            .register(registry);
    tenantMemory =
        MultiGauge.builder("polder_tenant_memory_bytes")
            .description("Memory that the tenant's instance of the database uses, on this server")
            .register(registry);
    tryRefresh();
    var _ =
        timer.scheduleWithFixedDelay(
            this::tryRefresh, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tryRefresh() {
    try {
      refresh();
      if (away) {
        LOG.info("the databases' figures can be looked up again");
      }
      away = false;
    } catch (RuntimeException e) {
      // An exception would end the looking for good; the next round asks again.
      if (!away) {
        LOG.warn("the databases' figures cannot be looked up, until further notice", e);
      }
      away = true;
    }
  }

  /** Looks all figures up. */
  void refresh() {
    Map<DatabaseId, Database> live = new LinkedHashMap<>();
    Set<DatabaseId> all = new HashSet<>();
    Map<DatabaseId, Long> stored = new HashMap<>();
    Map<DatabaseId, Long> lags = new HashMap<>();
    Map<DatabaseId, Long> degraded = new HashMap<>();
    metastore.read(tx -> {
      for (Follower follower : tx.followers().list()) {
        boolean left = follower.health(tx.now()) != MirrorHealth.FOLLOWING;
        degraded.merge(follower.database(), left ? 1L : 0L, Long::sum);
      }
      stored.putAll(tx.storage().bytes());
      for (Mirror mirror : tx.mirrors().unpromoted()) {
        Mirror observed = tx.localMirrors().observed(mirror);
        lags.put(mirror.database(), TimeUnit.MICROSECONDS.toMillis(observed.lagMicros(tx.now())));
        if (mirror.mode() == MirrorMode.SYNC) {
          boolean left = observed.health(tx.now()) != MirrorHealth.FOLLOWING;
          degraded.put(mirror.database(), left ? 1L : 0L);
        }
      }
      Optional<String> after = Optional.empty();
      do {
        Page<Database> page = tx.databases().list(after, Page.MAX_LIMIT);
        for (Database database : page.items()) {
          all.add(database.id());
          if (live.size() < MOST_DATABASES) {
            live.put(database.id(), database);
          }
        }
        after = page.next();
      } while (after.isPresent());
      return live.size();
    });
    List<ServerUse> uses =
        engine.ownUses().stream().filter(use -> live.containsKey(use.space().database())).toList();
    meters.retain(all);
    Map<Figure, List<MultiGauge.Row<?>>> rows = new EnumMap<>(Figure.class);
    for (Database database : live.values()) {
      Tags tags = Tags.of("database", database.name().value());
      List<ServerUse> own =
          uses.stream().filter(use -> use.space().database().equals(database.id())).toList();
      add(rows, Figure.QPS, tags, sum(own, ServerUse::qps));
      add(rows, Figure.MEMORY_BYTES, tags, sum(own, ServerUse::memoryBytes));
      add(rows, Figure.CONNECTIONS, tags, sum(own, ServerUse::connections));
      add(rows, Figure.STORAGE_BYTES, tags, stored.getOrDefault(database.id(), 0L));
      add(rows, Figure.MAINTENANCE_CPU_SECONDS, tags, meters.workSeconds(database.id()));
      Long lag = lags.get(database.id());
      if (lag != null) {
        add(rows, Figure.MIRROR_LAG_MS, tags, lag);
      }
      Long left = degraded.get(database.id());
      if (left != null) {
        add(rows, Figure.MIRRORS_DEGRADED, tags, left);
      }
      OptionalDouble latency = meters.commitP99(database.id());
      if (latency.isPresent()) {
        add(rows, Figure.WAL_COMMIT_LATENCY_P99, tags, latency.getAsDouble());
      }
    }
    databases.forEach(
        (figure, gauge) -> gauge.register(rows.getOrDefault(figure, List.of()), true));
    tenants(live, uses);
  }

  private void tenants(Map<DatabaseId, Database> live, List<ServerUse> uses) {
    List<MultiGauge.Row<?>> qps = new ArrayList<>();
    List<MultiGauge.Row<?>> memory = new ArrayList<>();
    for (ServerUse use : uses.subList(0, Math.min(uses.size(), MOST_TENANTS))) {
      Database database = live.get(use.space().database());
      if (database != null) {
        Tags tags =
            Tags.of("database", database.name().value(), "tenant", use.space().tenant().value());
        qps.add(MultiGauge.Row.of(tags, use.qps()));
        memory.add(MultiGauge.Row.of(tags, use.memoryBytes()));
      }
    }
    tenantQps.register(qps, true);
    tenantMemory.register(memory, true);
  }

  private static long sum(List<ServerUse> uses, ToLongFunction<ServerUse> figure) {
    return uses.stream().mapToLong(figure).sum();
  }

  private static void add(
      Map<Figure, List<MultiGauge.Row<?>>> rows, Figure figure, Tags tags, Number value) {
    rows.computeIfAbsent(figure, ignored -> new ArrayList<>()).add(MultiGauge.Row.of(tags, value));
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
