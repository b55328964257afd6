package dev.polder.duck.scan;

import dev.polder.duck.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The text of one {@code read_parquet} call over files of one group. */
record ReadParquet(
    List<ScanColumn> columns, FileGroup group, List<ScanFile> files, boolean positions) {
  /** DuckDB fixes this name; a table's column of the same name hides it, see {@link #call()}. */
  private static final String ROW_NUMBER = "file_row_number";

  private static final String FILE_NAME = "polder_file_name";

  String call() {
    List<String> arguments = new ArrayList<>();
    arguments.add(Sql.literals(files.stream().map(ScanFile::path).toList()));
    arguments.add("hive_partitioning = false");
    long rows = files.stream().mapToLong(ScanFile::recordCount).sum();
    if (rows > 0) {
      arguments.add("explicit_cardinality = " + rows);
    }
    arguments.add(group.byName() ? boundSchema() : "schema = " + fieldIds(stored()));
    if (positions) {
      arguments.add("filename = '" + FILE_NAME + "'");
      arguments.add("file_row_number = true");
    }
    return arguments.stream().collect(Collectors.joining(", ", "read_parquet(", ")"));
  }

  /** The index of the row's file, as an expression: constant where there is one file. */
  String fileIndex() {
    if (files.size() == 1) {
      return files.getFirst().index() + "::INTEGER";
    }
    return files.stream()
        .map(f -> " WHEN " + Sql.literal(f.path()) + " THEN " + f.index() + "::INTEGER")
        .collect(Collectors.joining("", "CASE " + FILE_NAME, " END"));
  }

  String rowNumber() {
    return ROW_NUMBER;
  }

  private List<ScanColumn> stored() {
    return columns.stream().filter(c -> !group.constants().containsKey(c.fieldId())).toList();
  }

  private String boundSchema() {
    List<String> fields = new ArrayList<>();
    for (ScanColumn column : stored()) {
      fields.add(Sql.identifier(group.storedName(column)) + ": " + Sql.literal(column.duckType()));
    }
    if (positions) {
      fields.add(FILE_NAME + ": 'VARCHAR'");
      fields.add(ROW_NUMBER + ": 'BIGINT'");
    }
    return "bound_schema = {" + String.join(", ", fields) + "}";
  }

  /** Children are given at every level: without them DuckDB falls back to names. */
  private static String fieldIds(List<ScanColumn> columns) {
    return columns.stream()
        .map(c ->
            c.fieldId()
                + ": {name: "
                + Sql.literal(c.name())
                + ", type: "
                + Sql.literal(c.duckType())
                + ", default_value: "
                + (c.defaultText() == null ? "NULL" : Sql.literal(c.defaultText()))
                + (c.children().isEmpty() ? "" : ", children: " + fieldIds(c.children()))
                + "}")
        .collect(Collectors.joining(", ", "MAP {", "}"));
  }
}
