package dev.polder.duck.write;

import dev.polder.duck.InstanceConnection;
import dev.polder.duck.Sql;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of a SELECT as Parquet files with field ids into a staging directory of its own
 * and reports each file with exact metrics. After a failure the directory is empty again.
 * Immutable; the staging directory must lie in the instance's allowed directories.
 *
 * @param select gives the columns in order, by the names in {@code columns}
 * @param fileBytes about how large a file may grow before the next one is begun
 * @param ordered whether the rows of each file must keep the select's order, which costs the
 *     parallelism of writing
 */
public record ParquetWriteJob(
    String select,
    List<WriteColumn> columns,
    List<PartitionColumn> partitions,
    Path staging,
    long fileBytes,
    boolean ordered) {
  /**
   * Nobody reads parts of a smaller file: asking for its row groups costs as much as writing it.
   */
  static final long SPLIT_BYTES = 1L << 20;

  /** A job whose rows may be written in any order. */
  public ParquetWriteJob(
      String select,
      List<WriteColumn> columns,
      List<PartitionColumn> partitions,
      Path staging,
      long fileBytes) {
    this(select, columns, partitions, staging, fileBytes, false);
  }

  public ParquetWriteJob {
    columns = List.copyOf(columns);
    partitions = List.copyOf(partitions);
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("a file needs at least one column");
    }
  }

  /** Writes; files without rows are not kept. */
  public List<WrittenFile> run(
      InstanceConnection connection, List<? extends @Nullable Object> parameters) {
    try {
      Files.createDirectories(staging);
    } catch (IOException e) {
      throw new PolderException(ErrorCode.STORAGE_ERROR, "the staging directory cannot be made", e);
    }
    try {
      List<List<@Nullable Object>> report = connection.rows(new CopyText(this).sql(), parameters);
      return written(connection, report);
    } catch (RuntimeException e) {
      try {
        StagingDirectory.clear(staging);
      } catch (UncheckedIOException cleaning) {
        e.addSuppressed(cleaning);
      }
      throw e;
    }
  }

  private List<WrittenFile> written(
      InstanceConnection connection, List<List<@Nullable Object>> report) {
    StatsReader stats = new StatsReader(columns);
    List<WrittenFile> files = new ArrayList<>();
    for (List<@Nullable Object> row : report) {
      Path path = Path.of(String.valueOf(row.get(0)));
      long rows = number(row.get(1));
      if (rows == 0) {
        StagingDirectory.delete(path);
        continue;
      }
      Map<Integer, ColumnStats> columnStats = stats.read(row.get(4));
      checkRequired(columnStats);
      files.add(new WrittenFile(path, rows, number(row.get(2)), columnStats, List.of(), List.of()));
    }
    if (files.isEmpty()) {
      return files;
    }
    Map<Path, List<Long>> offsets =
        splitOffsets(connection, files.stream().filter(f -> f.bytes() >= SPLIT_BYTES).toList());
    Map<Path, List<@Nullable String>> values = partitionValues(connection, files);
    return files.stream()
        .map(f ->
            new WrittenFile(
                f.path(),
                f.rows(),
                f.bytes(),
                f.stats(),
                values.getOrDefault(f.path(), List.of()),
                offsets.getOrDefault(f.path(), List.of())))
        .toList();
  }

  private void checkRequired(Map<Integer, ColumnStats> stats) {
    for (WriteColumn column : columns) {
      ColumnStats found = stats.get(column.fieldId());
      if (column.required() && found != null && found.nullCount() > 0) {
        throw new PolderException(
            ErrorCode.NOT_NULL_VIOLATION,
            "column \"" + column.name() + "\" is required, but the statement gives it NULL");
      }
    }
  }

  private static String names(List<WrittenFile> files) {
    return Sql.literals(files.stream().map(f -> f.path().toString()).toList());
  }

  private static Map<Path, List<Long>> splitOffsets(
      InstanceConnection connection, List<WrittenFile> files) {
    Map<Path, List<Long>> offsets = new HashMap<>();
    if (files.isEmpty()) {
      return offsets;
    }
    for (List<@Nullable Object> row :
        connection.rows(
            "SELECT file_name, min(least(coalesce(dictionary_page_offset, data_page_offset),"
                + " data_page_offset)) AS start FROM parquet_metadata("
                + names(files)
                + ") GROUP BY file_name, row_group_id ORDER BY file_name, start",
            List.of())) {
      offsets
          .computeIfAbsent(Path.of(String.valueOf(row.get(0))), p -> new ArrayList<>())
          .add(number(row.get(1)));
    }
    return offsets;
  }

  /**
   * The partition of a file is that of its first row. Directory names are hashes of the values: the
   * values themselves can be too long for a path, and DuckDB writes NULL and 'NULL' alike.
   */
  private Map<Path, List<@Nullable String>> partitionValues(
      InstanceConnection connection, List<WrittenFile> files) {
    Map<Path, List<@Nullable String>> values = new HashMap<>();
    if (partitions.isEmpty()) {
      return values;
    }
    StringBuilder sql = new StringBuilder("SELECT polder_file");
    for (PartitionColumn partition : partitions) {
      sql.append(", CAST(").append(CopyText.value(partition)).append(" AS VARCHAR)");
    }
    sql.append(" FROM read_parquet(")
        .append(names(files))
        .append(", hive_partitioning = false, filename = 'polder_file', file_row_number = true)")
        .append(" WHERE file_row_number = 0");
    for (List<@Nullable Object> row : connection.rows(sql.toString(), List.of())) {
      List<@Nullable String> tuple = new ArrayList<>();
      for (Object value : row.subList(1, row.size())) {
        tuple.add(value == null ? null : value.toString());
      }
      values.put(Path.of(String.valueOf(row.get(0))), tuple);
    }
    return values;
  }

  private static long number(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.longValue();
    }
    throw new PolderException(
        ErrorCode.INTERNAL_ERROR, "the report of a written file is malformed");
  }
}
