package dev.polder.duck.write;

import dev.polder.duck.Sql;
import java.util.List;
import java.util.stream.Collectors;

/** The text of a write job's COPY statement. */
record CopyText(ParquetWriteJob job) {
  private static final String PARTITION = "polder_partition";

  String sql() {
    boolean partitioned = !job.partitions().isEmpty();
    String list =
        job.columns().stream()
            .map(c ->
                "CAST("
                    + Sql.identifier(c.name())
                    + " AS "
                    + c.duckType()
                    + ") AS "
                    + Sql.identifier(c.name()))
            .collect(Collectors.joining(", "));
    String source = job.select() + "\n";
    if (job.ordered()) {
      // Writers of files with a size limit take rows from several threads in any order; a streaming
      // window is computed by one.
      source =
          "SELECT * FROM (SELECT *, row_number() OVER () AS polder_order FROM ("
              + source
              + ") AS source) AS source WHERE polder_order > 0";
    }
    String rows = "SELECT " + list + " FROM (" + source + ") AS written";
    if (partitioned) {
      rows = "SELECT *, " + partitionKey() + " AS " + PARTITION + " FROM (" + rows + ") AS written";
    }
    return "COPY ("
        + rows
        + ") TO "
        + Sql.literal(job.staging().toString())
        + " (FORMAT parquet, COMPRESSION zstd, RETURN_STATS true, OVERWRITE_OR_IGNORE true, "
        + (partitioned ? "PARTITION_BY (" + PARTITION + ")" : "FILE_SIZE_BYTES " + job.fileBytes())
        + ", FIELD_IDS "
        + fieldIds(job.columns(), "")
        + ")";
  }

  static String value(PartitionColumn partition) {
    return "CAST((" + partition.expression() + ") AS " + partition.duckType() + ")";
  }

  /** A hash of the values; lengths keep ('a', 'bc') apart from ('ab', 'c'). */
  private String partitionKey() {
    return job.partitions().stream()
        .map(p -> "CAST(" + value(p) + " AS VARCHAR)")
        .map(v -> "coalesce(length(" + v + ") || ':' || " + v + ", 'N')")
        .collect(Collectors.joining(" || ", "md5(", ")"));
  }

  private static String fieldIds(List<WriteColumn> columns, String own) {
    return columns.stream()
        .map(c ->
            Sql.identifier(c.name())
                + ": "
                + (c.children().isEmpty()
                    ? Integer.toString(c.fieldId())
                    : fieldIds(c.children(), "__duckdb_field_id: " + c.fieldId() + ", ")))
        .collect(Collectors.joining(", ", "{" + own, "}"));
  }
}
