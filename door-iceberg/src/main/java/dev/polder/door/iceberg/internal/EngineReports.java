package dev.polder.door.iceberg.internal;

import dev.polder.model.DatabaseName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.metrics.CommitMetricsResult;
import org.apache.iceberg.metrics.CommitReport;
import org.apache.iceberg.metrics.CounterResult;
import org.apache.iceberg.metrics.MetricsReport;
import org.apache.iceberg.metrics.ScanMetricsResult;
import org.apache.iceberg.metrics.ScanReport;
import org.apache.iceberg.metrics.TimerResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds up what engines report of their scans and commits, by database. The figures are the engines'
 * own word: nothing but meters and a line in the log depends on them. Thread-safe.
 */
public final class EngineReports {
  /** Databases beyond the first so many share one series: somebody could make very many. */
  static final int MOST_DATABASES = 1_000;

  static final String OTHERS = "(others)";

  /** No scan is planned and no commit made for longer: what says so would drown all others. */
  private static final Duration LONGEST = Duration.ofDays(1);

  /** Doubles count exactly up to here. */
  private static final long MOST = 1L << 53;

  private static final Logger LOG = LoggerFactory.getLogger(EngineReports.class);

  private final MeterRegistry registry;
  private final Set<String> databases = ConcurrentHashMap.newKeySet();

  public EngineReports(MeterRegistry registry) {
    this.registry = registry;
  }

  void take(DatabaseName database, TableIdentifier table, MetricsReport report) {
    Tags tags = Tags.of("database", label(database.value()));
    switch (report) {
      case ScanReport scan -> scan(tags, database, table, scan);
      case CommitReport commit -> commit(tags, database, table, commit);
      default -> LOG.debug("a report on {}.{} is of no known kind", database, table);
    }
  }

  private String label(String database) {
    return databases.contains(database)
            || (databases.size() < MOST_DATABASES && databases.add(database))
        ? database
        : OTHERS;
  }

  private void scan(Tags tags, DatabaseName database, TableIdentifier table, ScanReport report) {
    ScanMetricsResult metrics = report.scanMetrics();
    Duration planning = time(metrics.totalPlanningDuration());
    long files = count(metrics.resultDataFiles());
    long bytes = count(metrics.totalFileSizeInBytes());
    registry.timer("polder.iceberg.scan.planning", tags).record(planning);
    registry.counter("polder.iceberg.scan.files", tags).increment((double) files);
    registry.counter("polder.iceberg.scan.bytes", tags).increment((double) bytes);
    LOG.debug(
        "an engine planned a scan of {}.{}, snapshot {}, in {} ms: {} files, {} bytes",
        database,
        table,
        report.snapshotId(),
        planning.toMillis(),
        files,
        bytes);
  }

  private void commit(
      Tags tags, DatabaseName database, TableIdentifier table, CommitReport report) {
    CommitMetricsResult metrics = report.commitMetrics();
    Duration duration = time(metrics.totalDuration());
    long attempts = count(metrics.attempts());
    registry.timer("polder.iceberg.commit", tags).record(duration);
    registry.counter("polder.iceberg.commit.attempts", tags).increment((double) attempts);
    LOG.debug(
        "an engine committed snapshot {} to {}.{} in {} ms and {} attempts",
        report.snapshotId(),
        database,
        table,
        duration.toMillis(),
        attempts);
  }

  private static Duration time(@Nullable TimerResult result) {
    if (result == null || result.totalDuration().isNegative()) {
      return Duration.ZERO;
    }
    return result.totalDuration().compareTo(LONGEST) > 0 ? LONGEST : result.totalDuration();
  }

  private static long count(@Nullable CounterResult result) {
    return result == null ? 0 : Math.clamp(result.value(), 0, MOST);
  }
}
