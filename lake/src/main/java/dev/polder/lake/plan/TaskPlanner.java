package dev.polder.lake.plan;

import dev.polder.lake.io.StorageFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.ExpressionParser;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.rest.requests.PlanTableScanRequest;
import org.apache.iceberg.rest.requests.PlanTableScanRequestParser;

/**
 * Plans scans for other engines, a bounded page at a time. A page is a function of the table's
 * version, the request and the stretch alone, so that no server needs to remember a plan.
 * Thread-safe.
 */
public final class TaskPlanner {
  private static final int MOST_TASKS = 1_000;
  private static final int MOST_ENTRIES = 20_000;
  private static final int MOST_RANGES = 64;
  private static final long BYTES_OF_TASKS = 8L << 20;
  private static final long BYTES_OF_RANGES = 1L << 20;
  private static final int BYTES_PER_TASK = 600;
  private static final int BYTES_PER_STATISTIC = 200;
  private static final int BYTES_PER_RANGE = 500;

  private final FileIO io;
  private final ScanPlanner planner;

  public TaskPlanner(FileIO io, ScanPlanner planner) {
    this.io = io;
    this.planner = planner;
  }

  /**
   * A page of a scan.
   *
   * @param range one that an earlier page of the same scan gave; empty for the first page
   * @throws org.apache.iceberg.exceptions.ValidationException when the table has no such snapshot
   *     or field
   */
  public ScanPage page(
      TableMetadata table, PlanTableScanRequest request, Optional<ScanRange> range) {
    try {
      ScanTarget target = ScanTarget.of(table, request, io);
      Optional<DeleteIndex> deletes =
          target.deletes().map(snapshot -> planner.deletes(snapshot, table.specsById()));
      TaskScan scan = new TaskScan(target, request, deletes);
      return page(scan, target, table.specsById(), request, range.orElse(ScanRange.ALL));
    } catch (RuntimeException e) {
      throw StorageFailure.isStorage(e)
          ? StorageFailure.of("cannot plan a scan of " + table.location(), e)
          : e;
    }
  }

  private ScanPage page(
      TaskScan scan,
      ScanTarget target,
      Map<Integer, PartitionSpec> specs,
      PlanTableScanRequest request,
      ScanRange range) {
    int mostTasks = mostTasks(request);
    Long asked = request.minRowsRequested();
    long enough = asked == null || asked == 0 ? Long.MAX_VALUE : asked;
    int to = Math.min(range.to(), target.manifests().size());
    int at = range.from();
    int skip = range.skip();
    long rows = 0;
    int entries = 0;
    List<FileScanTask> tasks = new ArrayList<>();
    while (at < to && tasks.size() < mostTasks && entries < MOST_ENTRIES && rows < enough) {
      ManifestFile manifest = target.manifests().get(at);
      List<DataFile> files =
          scan.mayMatch(manifest) ? planner.dataFiles(manifest, specs) : List.of();
      while (skip < files.size()
          && tasks.size() < mostTasks
          && entries < MOST_ENTRIES
          && rows < enough) {
        DataFile file = files.get(skip);
        skip++;
        entries++;
        if (scan.mayMatch(manifest, file)) {
          FileScanTask task = scan.task(file);
          tasks.add(task);
          rows += enough == Long.MAX_VALUE ? 0 : surelyMatching(task);
        }
      }
      if (skip >= files.size()) {
        at++;
        skip = 0;
      }
    }
    return new ScanPage(
        tasks,
        rows >= enough
            ? List.of()
            : rest(scan, target, new ScanRange(at, to, skip), mostTasks, mostRanges(request)));
  }

  private static long surelyMatching(FileScanTask task) {
    return task.deletes().isEmpty() && task.residual().op() == Expression.Operation.TRUE
        ? task.file().recordCount()
        : 0;
  }

  /** Stretches of about a page each, or larger ones where they would be too many. */
  private static List<ScanRange> rest(
      TaskScan scan, ScanTarget target, ScanRange left, int mostTasks, int mostRanges) {
    long total = 0;
    for (int i = left.from(); i < left.to(); i++) {
      total += files(target.manifests().get(i));
    }
    long each = Math.max(mostTasks, total / mostRanges + 1);
    List<ScanRange> ranges = new ArrayList<>();
    int from = -1;
    int to = -1;
    long files = 0;
    for (int i = left.from(); i < left.to(); i++) {
      ManifestFile manifest = target.manifests().get(i);
      if (!scan.mayMatch(manifest)) {
        continue;
      }
      int skip = i == left.from() ? left.skip() : 0;
      long count = files(manifest) - skip;
      if (from >= 0 && files + count > each) {
        ranges.add(range(from, to, left));
        from = -1;
        files = 0;
      }
      from = from < 0 ? i : from;
      to = i + 1;
      files += count;
    }
    if (from >= 0) {
      ranges.add(range(from, to, left));
    }
    return ranges;
  }

  private static ScanRange range(int from, int to, ScanRange left) {
    return new ScanRange(from, to, from == left.from() ? left.skip() : 0);
  }

  /** How many files a manifest holds, by the list that names it. */
  private static long files(ManifestFile manifest) {
    // Old lists do not count; an entry seldom takes less.
    int unknown = (int) Math.min(Integer.MAX_VALUE, manifest.length() / 100);
    return Objects.requireNonNullElse(manifest.addedFilesCount(), unknown)
        + (long) Objects.requireNonNullElse(manifest.existingFilesCount(), 0);
  }

  private static int mostTasks(PlanTableScanRequest request) {
    Expression filter = request.filter();
    List<String> stats = request.statsFields();
    long each =
        BYTES_PER_TASK
            + (filter == null ? 0L : ExpressionParser.toJson(filter).length())
            + (stats == null ? 0L : (long) BYTES_PER_STATISTIC * stats.size());
    return Math.clamp(BYTES_OF_TASKS / each, 1, MOST_TASKS);
  }

  /** Each range goes out with the whole request. */
  private static int mostRanges(PlanTableScanRequest request) {
    return Math.clamp(
        BYTES_OF_RANGES / (BYTES_PER_RANGE + PlanTableScanRequestParser.toJson(request).length()),
        1,
        MOST_RANGES);
  }
}
