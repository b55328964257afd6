package dev.polder.engine.catalog;

import java.util.List;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.TableMetadata;

/**
 * Some of the files that a scan reads. Immutable.
 *
 * @param table the version that is scanned
 * @param planId by which the plan's first answer can be asked for again
 * @param planTasks by which the other files can be asked for
 */
public record PlannedScan(
    TableMetadata table, String planId, List<String> planTasks, List<FileScanTask> files) {
  public PlannedScan {
    planTasks = List.copyOf(planTasks);
    files = List.copyOf(files);
  }
}
