package dev.polder.engine.internal.dml;

import dev.polder.duck.write.ColumnStats;
import dev.polder.duck.write.ParquetWriteJob;
import dev.polder.duck.write.WrittenFile;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.lake.TableState;
import dev.polder.lake.write.ColumnMetrics;
import dev.polder.lake.write.DataFileSpec;
import dev.polder.lake.write.PartitionExpression;
import dev.polder.lake.write.StagedFile;
import dev.polder.sql.bind.ScanColumns;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of a query as files of a table: into the staging directory first, then, checked,
 * into the warehouse. For one statement.
 */
final class RowWriter {
  private static final long DEFAULT_FILE_BYTES = 128L << 20;

  private final StatementContext context;
  private final Execution execution;
  private final TableState table;

  RowWriter(StatementContext context, Execution execution, TableState table) {
    this.context = context;
    this.execution = execution;
    this.table = table;
  }

  /**
   * Writes into the staging directory.
   *
   * @param select gives the table's columns in order, under their names
   * @param ordered whether the rows' order must be kept
   */
  List<WrittenFile> stage(
      String select, List<? extends @Nullable Object> parameters, boolean ordered) {
    List<PartitionExpression> partitioning = PartitionExpression.of(table.spec(), table.schema());
    return new ParquetWriteJob(
            select,
            ScanColumns.written(table.schema().columns()),
            partitioning.stream().map(PartitionSql::column).toList(),
            execution.stagingDirectory(),
            fileBytes(),
            ordered)
        .run(execution.connection(), parameters);
  }

  private long fileBytes() {
    String property = table.properties().get("write.target-file-size-bytes");
    return property == null ? DEFAULT_FILE_BYTES : Long.parseLong(property);
  }

  /** Moves staged files into the warehouse; they belong to no table until a commit names them. */
  List<DataFileSpec> publish(List<WrittenFile> files) {
    List<StagedFile> staged = new ArrayList<>();
    for (WrittenFile file : files) {
      staged.add(new StagedFile(file.path(), UUID.randomUUID() + ".parquet"));
    }
    List<String> locations = context.engine().lake().warehouse().publish(table.location(), staged);
    List<PartitionExpression> partitioning = PartitionExpression.of(table.spec(), table.schema());
    List<DataFileSpec> specs = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      specs.add(spec(files.get(i), locations.get(i), partitioning));
    }
    return specs;
  }

  // A record's canonical constructor loses the nullness of its type arguments in class files.
  @SuppressWarnings("NullAway")
  private DataFileSpec spec(
      WrittenFile file, String location, List<PartitionExpression> partitioning) {
    List<ColumnMetrics> metrics = new ArrayList<>();
    file.stats().forEach((field, stats) -> metrics.add(metrics(field, stats)));
    List<@Nullable Object> partition = new ArrayList<>();
    for (int i = 0; i < partitioning.size(); i++) {
      partition.add(PartitionSql.value(partitioning.get(i), file.partition().get(i)));
    }
    return new DataFileSpec(
        location,
        file.rows(),
        file.bytes(),
        file.splitOffsets(),
        metrics,
        partition,
        table.spec().specId(),
        0);
  }

  private static ColumnMetrics metrics(Integer field, ColumnStats stats) {
    return new ColumnMetrics(
        field,
        stats.columnSize(),
        stats.valueCount(),
        stats.nullCount(),
        stats.nanCount(),
        bound(stats.min()),
        bound(stats.max()),
        stats.exact(),
        stats.exact());
  }

  private static @Nullable Object bound(@Nullable Object value) {
    return switch (value) {
      case OffsetDateTime time -> time.toInstant();
      case Float number when number.isNaN() -> null;
      case Double number when number.isNaN() -> null;
      case null, default -> value;
    };
  }

  static long rows(List<WrittenFile> files) {
    return files.stream().mapToLong(WrittenFile::rows).sum();
  }
}
