package dev.polder.duck.scan;

import dev.polder.duck.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The text of one table's scan: its columns in order, case and type as the schema has them, without
 * deleted rows, without rows that the filter hides, and with masked columns masked. Immutable.
 *
 * @param deletes the handle of the registered deleted rows; needed when any file has deletes
 * @param masks expressions over the table's columns, by the name of the column they replace
 */
public record ParquetScan(
    List<ScanColumn> columns,
    List<FileGroup> groups,
    OptionalLong deletes,
    @Nullable RowIdentity identity,
    @Nullable RowFilter filter,
    Map<String, String> masks) {
  private static final int MAX_BRANCHES = 64;

  public ParquetScan {
    columns = List.copyOf(columns);
    groups = List.copyOf(groups);
    masks = Map.copyOf(masks);
  }

  public static ParquetScan of(List<ScanColumn> columns, List<FileGroup> groups) {
    return new ParquetScan(columns, groups, OptionalLong.empty(), null, null, Map.of());
  }

  public ParquetScan withDeletes(long handle) {
    return new ParquetScan(columns, groups, OptionalLong.of(handle), identity, filter, masks);
  }

  public ParquetScan withIdentity(RowIdentity names) {
    return new ParquetScan(columns, groups, deletes, names, filter, masks);
  }

  public ParquetScan withPolicies(@Nullable RowFilter rows, Map<String, String> columnMasks) {
    return new ParquetScan(columns, groups, deletes, identity, rows, columnMasks);
  }

  /** A SELECT, to be used as a view's definition or in parentheses as a table. */
  public String sql() {
    String rows = rows();
    if (filter != null && !filter.plain()) {
      return barrier(
          "SELECT * FROM (" + rows + ") AS t WHERE (" + filter.predicate() + "\n)", names());
    }
    if (filter == null && masks.isEmpty()) {
      return rows;
    }
    String where = filter == null ? "" : " WHERE (" + filter.predicate() + "\n)";
    return "SELECT " + names() + " FROM (" + rows + ") AS t" + where;
  }

  /**
   * The same rows, materialised before anything of the surrounding statement is evaluated: slower,
   * but nothing is pushed below it.
   */
  public String materialized() {
    return barrier(sql(), "*");
  }

  private static String barrier(String select, String list) {
    return "WITH scan AS MATERIALIZED (" + select + ") SELECT " + list + " FROM scan";
  }

  /** The output list over the unmasked rows. */
  private String names() {
    Stream<String> own =
        columns.stream()
            .map(c -> {
              String name = Sql.identifier(c.name());
              String mask = masks.get(c.name());
              return mask == null
                  ? name
                  : "CAST((" + mask + ") AS " + c.duckType() + ") AS " + name;
            });
    Stream<String> hidden =
        identity == null
            ? Stream.of()
            : Stream.of(
                Sql.identifier(identity.fileColumn()), Sql.identifier(identity.rowColumn()));
    return Stream.concat(own, hidden).collect(Collectors.joining(", "));
  }

  private String rows() {
    List<String> branches = new ArrayList<>();
    for (FileGroup group : groups) {
      List<ScanFile> whole = group.files().stream().filter(f -> !f.hasDeletes()).toList();
      if (!whole.isEmpty()) {
        branches.add(branch(group, whole, false));
      }
      // One branch a file: only a predicate over a single column runs inside of the Parquet reader,
      // below everything the user wrote, so the file's index must be a constant.
      List<ScanFile> deleted = group.files().stream().filter(ScanFile::hasDeletes).toList();
      if (deleted.size() > MAX_BRANCHES) {
        // Planning time grows faster than the number of branches: 200 of them took 0.4 s.
        branches.add("SELECT * FROM (" + barrier(branch(group, deleted, true), "*") + ") AS t");
      } else {
        deleted.forEach(file -> branches.add(branch(group, List.of(file), true)));
      }
    }
    return branches.isEmpty() ? empty() : String.join(" UNION ALL ", branches);
  }

  private String empty() {
    Stream<String> own =
        columns.stream()
            .map(c -> "CAST(NULL AS " + c.duckType() + ") AS " + Sql.identifier(c.name()));
    Stream<String> hidden =
        identity == null
            ? Stream.of()
            : Stream.of(
                "CAST(NULL AS INTEGER) AS " + Sql.identifier(identity.fileColumn()),
                "CAST(NULL AS BIGINT) AS " + Sql.identifier(identity.rowColumn()));
    return Stream.concat(own, hidden).collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
  }

  private String branch(FileGroup group, List<ScanFile> files, boolean deleted) {
    boolean positions = deleted || identity != null;
    ReadParquet read = new ReadParquet(columns, group, files, positions);
    List<String> select = new ArrayList<>();
    for (ScanColumn column : columns) {
      String name = Sql.identifier(column.name());
      String constant = group.constants().get(column.fieldId());
      select.add(
          constant == null
              ? Sql.identifier(group.storedName(column)) + " AS " + name
              : "CAST((" + constant + ") AS " + column.duckType() + ") AS " + name);
    }
    if (identity != null) {
      select.add(read.fileIndex() + " AS " + Sql.identifier(identity.fileColumn()));
      select.add(read.rowNumber() + " AS " + Sql.identifier(identity.rowColumn()));
    }
    String where =
        deleted
            ? " WHERE system.main.live("
                + deletes.orElseThrow(
                    () -> new IllegalStateException("the scan's deletes have no handle"))
                + "::BIGINT, "
                + read.fileIndex()
                + ", "
                + read.rowNumber()
                + ")"
            : "";
    return "SELECT " + String.join(", ", select) + " FROM " + read.call() + where;
  }
}
