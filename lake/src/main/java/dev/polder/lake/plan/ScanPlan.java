package dev.polder.lake.plan;

import java.util.List;

/** The files that a scan of one table reads, and what is known of them. Immutable. */
public interface ScanPlan {
  List<PlannedFile> files();

  /** Rows in the files, deleted ones included. */
  long recordCount();

  long fileSize();

  /** How many files the table has before pruning. */
  int totalFiles();

  boolean hasDeletes();

  /** What the files' metrics prove of a primitive column; computed on each call. */
  ColumnSummary summary(int fieldId);
}
