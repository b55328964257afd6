package dev.polder.lake.plan;

import java.util.List;
import org.apache.iceberg.FileScanTask;

/** Some of the files that a scan reads, and the stretches that the others are in. Immutable. */
public record ScanPage(List<FileScanTask> tasks, List<ScanRange> rest) {
  public ScanPage {
    tasks = List.copyOf(tasks);
    rest = List.copyOf(rest);
  }
}
