package dev.polder.sql.bind;

import dev.polder.duck.scan.FileGroup;
import dev.polder.duck.scan.ParquetScan;
import dev.polder.duck.scan.RowFilter;
import dev.polder.duck.scan.RowIdentity;
import dev.polder.duck.scan.ScanColumn;
import dev.polder.lake.TableState;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.plan.PlannedFile;
import dev.polder.lake.plan.RowDeletes;
import dev.polder.lake.plan.ScanPlan;
import dev.polder.lake.type.IcebergTypes;
import dev.polder.sql.authorise.AuthorizedPolicies;
import dev.polder.sql.authorise.ResolvedReference;
import dev.polder.sql.bind.PolicySql.Written;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The texts of the views that stand for tables: their files, without what was deleted, what the
 * principal may not see, and what its masks hide. For one binding.
 */
final class TableViews {
  private final BindRequest request;
  private final PolicySql expressions;
  private final Map<String, DeletedFiles> deletes = new HashMap<>();
  private final List<BoundQuery.Read> reads = new ArrayList<>();
  private @Nullable ScanPlan targetPlan;

  TableViews(BindRequest request, PolicySql expressions) {
    this.request = request;
    this.expressions = expressions;
  }

  Map<String, DeletedFiles> deletes() {
    return deletes;
  }

  List<BoundQuery.Read> reads() {
    return reads;
  }

  Optional<ScanPlan> targetPlan() {
    return Optional.ofNullable(targetPlan);
  }

  /**
   * The query of a table's view.
   *
   * @param pruning which rows the statement can need
   * @param target whether rows show their identity
   */
  String view(ResolvedReference.Table table, LakeFilter pruning, boolean target) {
    TableState state = request.reader().table(table.entry());
    if (target && request.targetRows().isPresent()) {
      return given(table, state, request.targetRows().get());
    }
    ScanPlan plan = request.reader().plan(table.entry(), pruning);
    reads.add(new BoundQuery.Read(table.entry(), pruning));
    List<Types.NestedField> fields =
        state.schema().columns().stream()
            .filter(field -> table.columns().map(set -> set.contains(field.fieldId())).orElse(true))
            .toList();
    AuthorizedPolicies policies = table.policies();
    List<ScanColumn> columns =
        ScanColumns.of(policies.isEmpty() ? fields : state.schema().columns());
    ParquetScan scan = scan(state, plan, columns);
    if (target) {
      targetPlan = plan;
      scan = scan.withIdentity(new RowIdentity(Binder.FILE, Binder.ROW));
    }
    if (policies.isEmpty()) {
      return scan.sql();
    }
    Masks masks = masks(policies, state.schema());
    String sql = filtered(scan, rowFilter(policies), masks).sql();
    return fields.size() == columns.size() ? sql : narrowed(sql, fields, target);
  }

  /** Rows that are not of the table yet, under the same policies and grants as its own. */
  private String given(ResolvedReference.Table table, TableState state, String rows) {
    Written filter = rowFilter(table.policies());
    Map<String, String> masks = masks(table.policies(), state.schema()).byName();
    String names =
        state.schema().columns().stream()
            .filter(field -> table.columns().map(set -> set.contains(field.fieldId())).orElse(true))
            .map(field -> {
              String name = SqlNames.quote(field.name());
              String mask = masks.get(field.name());
              return mask == null
                  ? name
                  : "CAST(("
                      + mask
                      + "\n) AS "
                      + IcebergTypes.toDuck(field.type())
                      + ") AS "
                      + name;
            })
            .collect(Collectors.joining(", "));
    return "WITH rows_ AS MATERIALIZED (SELECT "
        + names
        + " FROM ("
        + rows
        + "\n) AS t"
        + (filter == null ? "" : " WHERE " + filter.sql())
        + ") SELECT * FROM rows_";
  }

  /**
   * Filters and masks may use columns that the principal may not read; the view does not show them.
   */
  private static String narrowed(String sql, List<Types.NestedField> fields, boolean target) {
    String names =
        fields.stream()
            .map(field -> SqlNames.quote(field.name()))
            .collect(Collectors.joining(", "));
    String identity =
        target ? ", " + SqlNames.quote(Binder.FILE) + ", " + SqlNames.quote(Binder.ROW) : "";
    return "SELECT " + names + identity + " FROM (" + sql + ") AS t";
  }

  /** A table's rows as they are stored, deleted ones left out: for rewriting files. */
  private ParquetScan scan(TableState state, ScanPlan plan, List<ScanColumn> columns) {
    List<FileGroup> groups = ScanFiles.groups(plan.files(), state.schema(), request.files());
    OptionalLong handle =
        plan.hasDeletes() ? OptionalLong.of(handle(state, plan)) : OptionalLong.empty();
    return new ParquetScan(columns, groups, handle, null, null, Map.of());
  }

  /** A number that names these deleted rows in texts until an instance has given them a handle. */
  private long handle(TableState state, ScanPlan plan) {
    Map<Integer, RowDeletes> byFile = new HashMap<>();
    StringBuilder identity = new StringBuilder(state.version());
    for (PlannedFile file : plan.files()) {
      identity.append('\n').append(file.path());
      file.deletes().ifPresent(rows -> byFile.put(file.index(), rows));
    }
    long handle = digest(identity.toString());
    deletes.put(Long.toString(handle), new DeletedFiles(byFile));
    return handle;
  }

  private static long digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return (java.nio.ByteBuffer.wrap(hash).getLong() & Long.MAX_VALUE) | (1L << 62);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A predicate that reads views can neither be tried beforehand nor run inside of the scan. */
  private ParquetScan filtered(ParquetScan scan, @Nullable Written filter, Masks masks) {
    boolean complete = masks.complete() && (filter == null || filter.complete());
    ParquetScan behindBarrier =
        scan.withPolicies(
            filter == null
                ? complete ? null : new RowFilter("true", false)
                : new RowFilter(filter.sql(), false),
            masks.byName());
    return complete ? request.filtered().apply(behindBarrier) : behindBarrier;
  }

  /** The condition of all row filters. */
  @Nullable Written rowFilter(AuthorizedPolicies policies) {
    if (policies.rowFilters().isEmpty()) {
      return null;
    }
    List<Written> written = policies.rowFilters().stream().map(expressions::write).toList();
    return new Written(
        written.stream()
            .map(filter -> "(" + filter.sql() + "\n)")
            .collect(Collectors.joining(" AND ")),
        written.stream().allMatch(Written::complete));
  }

  private record Masks(Map<String, String> byName, boolean complete) {}

  private Masks masks(AuthorizedPolicies policies, Schema schema) {
    Map<String, String> masks = new HashMap<>();
    boolean complete = true;
    for (var mask : policies.masks().entrySet()) {
      Types.NestedField field = schema.findField(mask.getKey());
      if (field != null) {
        Optional<Written> written = mask.getValue().map(expressions::write);
        complete &= written.map(Written::complete).orElse(true);
        masks.put(field.name(), written.map(Written::sql).orElse("NULL"));
      }
    }
    return new Masks(masks, complete);
  }

  /**
   * A view's rows under the filters and masks on the view itself, materialised before the user's
   * expressions see them.
   *
   * @param names the view's readable columns, quoted
   */
  String viewPolicies(ResolvedReference.View view, String sql, String names) {
    AuthorizedPolicies policies = view.policies();
    if (policies.isEmpty()) {
      return sql;
    }
    List<Types.NestedField> fields =
        view.state().schema().columns().stream()
            .filter(field -> names.contains(SqlNames.quote(field.name())))
            .toList();
    return underPolicies(policies, view.state().schema(), fields, sql);
  }

  /** Rows that are no scan, under filters and masks. */
  private String underPolicies(
      AuthorizedPolicies policies, Schema schema, List<Types.NestedField> fields, String sql) {
    Written filter = rowFilter(policies);
    Map<String, String> masks = masks(policies, schema).byName();
    String selected =
        fields.stream()
            .map(field -> {
              String name = SqlNames.quote(field.name());
              String mask = masks.get(field.name());
              return mask == null ? name : "(" + mask + ") AS " + name;
            })
            .collect(Collectors.joining(", "));
    return "WITH rows_ AS MATERIALIZED (SELECT "
        + selected
        + " FROM ("
        + sql
        + ") AS v"
        + (filter == null ? "" : " WHERE " + filter.sql())
        + ") SELECT * FROM rows_";
  }
}
