package dev.polder.lake.plan;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.BaseFileScanTask;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.PartitionSpecParser;
import org.apache.iceberg.SchemaParser;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Binder;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.InclusiveMetricsEvaluator;
import org.apache.iceberg.expressions.ManifestEvaluator;
import org.apache.iceberg.expressions.Projections;
import org.apache.iceberg.expressions.ResidualEvaluator;
import org.apache.iceberg.rest.requests.PlanTableScanRequest;
import org.apache.iceberg.types.Types;

/**
 * One scan's filter and columns on its target: which manifests and files may hold a matching row,
 * and what an engine is told of a file. For one thread.
 */
final class TaskScan {
  private final ScanTarget target;
  private final boolean caseSensitive;
  private final Expression filter;
  private final InclusiveMetricsEvaluator metrics;
  private final Set<Integer> stats;
  private final Optional<DeleteIndex> deletes;
  private final String schema;
  private final Map<Integer, OfSpec> specs = new HashMap<>();

  /** What of a filter depends on how a file is partitioned. */
  private record OfSpec(
      ManifestEvaluator manifests,
      Evaluator partitions,
      ResidualEvaluator residuals,
      String spec) {}

  TaskScan(ScanTarget target, PlanTableScanRequest request, Optional<DeleteIndex> deletes) {
    this.target = target;
    this.deletes = deletes;
    this.caseSensitive = request.caseSensitive();
    this.filter = Objects.requireNonNullElse(request.filter(), Expressions.alwaysTrue());
    // A filter that does not fit is to be refused even where no file is left to try it on.
    Binder.bind(target.schema().asStruct(), filter, caseSensitive);
    this.metrics = new InclusiveMetricsEvaluator(target.schema(), filter, caseSensitive);
    this.stats = stats(request);
    this.schema = SchemaParser.toJson(target.schema());
  }

  private Set<Integer> stats(PlanTableScanRequest request) {
    Set<Integer> ids = new HashSet<>();
    List<String> names = request.statsFields();
    for (String name : names == null ? List.<String>of() : names) {
      Types.NestedField field =
          caseSensitive
              ? target.schema().findField(name)
              : target.schema().caseInsensitiveFindField(name);
      ValidationException.check(
          field != null, "Cannot find field '%s' of stats-fields in the table's schema", name);
      ids.add(field.fieldId());
    }
    return ids;
  }

  boolean mayMatch(ManifestFile manifest) {
    return (manifest.hasAddedFiles() || manifest.hasExistingFiles())
        && ofSpec(manifest.partitionSpecId()).manifests().eval(manifest);
  }

  boolean mayMatch(ManifestFile manifest, DataFile file) {
    return target.of(manifest).test(file)
        && ofSpec(file.specId()).partitions().eval(file.partition())
        && metrics.eval(file);
  }

  FileScanTask task(DataFile file) {
    OfSpec spec = ofSpec(file.specId());
    DataFile shown = stats.isEmpty() ? file.copyWithoutStats() : file.copyWithStats(stats);
    DeleteFile[] hiding =
        deletes
            .map(index ->
                index.of(file).stream()
                    .map(DeleteFile::copyWithoutStats)
                    .toArray(DeleteFile[]::new))
            .orElseGet(() -> new DeleteFile[0]);
    return new BaseFileScanTask(shown, hiding, schema, spec.spec(), spec.residuals());
  }

  private OfSpec ofSpec(int id) {
    return specs.computeIfAbsent(
        id,
        ignored -> {
          PartitionSpec spec = Objects.requireNonNull(target.specs().get(id), "partition spec");
          Expression projected = Projections.inclusive(spec, caseSensitive).project(filter);
          return new OfSpec(
              ManifestEvaluator.forPartitionFilter(projected, spec, caseSensitive),
              new Evaluator(spec.partitionType(), projected, caseSensitive),
              ResidualEvaluator.of(spec, filter, caseSensitive),
              PartitionSpecParser.toJson(spec));
        });
  }
}
