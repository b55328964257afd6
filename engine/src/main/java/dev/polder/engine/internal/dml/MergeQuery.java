package dev.polder.engine.internal.dml;

import dev.polder.engine.Result;
import dev.polder.engine.internal.execute.Described;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.lake.TableState;
import dev.polder.lake.type.IcebergTypes;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.analyse.TableReference;
import dev.polder.sql.bind.Binder;
import dev.polder.sql.bind.Literals;
import dev.polder.sql.statement.Assignment;
import dev.polder.sql.statement.Identifiers;
import dev.polder.sql.statement.Merge;
import dev.polder.sql.statement.MergeAction;
import dev.polder.sql.statement.MergeClause;
import dev.polder.sql.statement.MergeCondition;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.types.Types;

/**
 * The query behind a MERGE: a full join of target and source that gives each pair's target row, the
 * number of the clause that decides it (−1: none), and the value of each column. For one statement.
 */
final class MergeQuery {
  static final String CLAUSE = "\"$clause\"";
  private static final String PRESENT = "\"$present\"";

  private final Merge merge;
  private final TableState state;
  private final String target;
  private final SqlText text;
  private final int targetOffset;
  private final List<Result.Column> sourceColumns;

  MergeQuery(StatementContext context, Execution execution, Merge merge, TableState state) {
    this.merge = merge;
    this.state = state;
    this.target = TargetText.alias(merge.target(), merge.alias());
    this.sourceColumns = needsSourceColumns(merge) ? sourceColumns(context, merge) : List.of();
    SqlText head = head();
    this.targetOffset = head.length();
    SqlText.Builder query =
        SqlText.builder().append(head).append(TargetText.table(merge.target(), merge.alias()));
    query.append(" FULL JOIN (SELECT *, true AS " + PRESENT + " FROM ");
    query.append(merge.source()).append("\n) AS " + sourceAlias(context));
    switch (merge.condition()) {
      case MergeCondition.On(SqlText condition) ->
          query.append(" ON (").append(condition).append("\n)");
      case MergeCondition.Using(List<String> columns) ->
          query.append(
              columns.stream()
                  .map(
                      column ->
                          target
                              + "."
                              + Identifiers.quote(column)
                              + " = "
                              + sourceAlias(context)
                              + "."
                              + Identifiers.quote(column))
                  .collect(java.util.stream.Collectors.joining(" AND ", " ON (", ")")));
    }
    this.text = query.build();
  }

  SqlText text() {
    return text;
  }

  /** Where the target's name stands in the text. */
  int targetOffset() {
    return targetOffset;
  }

  /** The column of the query that holds a target column's new value. */
  static String value(Types.NestedField field) {
    return "\"$" + field.fieldId() + "\"";
  }

  /** Whether a clause gives a column a value. */
  static boolean sets(MergeClause clause, String column) {
    return switch (clause.action()) {
      case MergeAction.UpdateSet(List<Assignment> assignments) ->
          assignments.stream()
              .anyMatch(assignment -> assignment.column().getFirst().equalsIgnoreCase(column));
      case MergeAction.UpdateAll all -> true;
      default -> false;
    };
  }

  private static boolean needsSourceColumns(Merge merge) {
    return merge.clauses().stream()
        .map(MergeClause::action)
        .anyMatch(
            action ->
                action instanceof MergeAction.UpdateAll || action instanceof MergeAction.InsertAll);
  }

  private static List<Result.Column> sourceColumns(StatementContext context, Merge merge) {
    SqlText.Builder sql = SqlText.builder();
    merge.with().ifPresent(with -> sql.append(with).append(" "));
    return Described.query(context, sql.append("SELECT * FROM ").append(merge.source()).build())
        .columns();
  }

  /** The name by which the statement's expressions know the source. */
  private String sourceAlias(StatementContext context) {
    Analysis analysis =
        context
            .engine()
            .analyzer()
            .analyze(SqlText.builder().append("SELECT * FROM ").append(merge.source()).build());
    String source = merge.source().toString();
    Optional<TableReference> whole =
        analysis.tables().size() == 1 ? Optional.of(analysis.tables().getFirst()) : Optional.empty();
    boolean plainTable = whole.isPresent() && !source.stripLeading().startsWith("(");
    return plainTable
        ? Identifiers.quote(whole.get().alias().orElse(whole.get().name().last()))
        : SourceAlias.of(source);
  }

  private SqlText head() {
    SqlText.Builder sql = SqlText.builder();
    merge.with().ifPresent(with -> sql.append(with).append(" "));
    sql.append("SELECT " + DeleteExecution.identity(target) + ", CASE");
    for (int i = 0; i < merge.clauses().size(); i++) {
      MergeClause clause = merge.clauses().get(i);
      sql.append(" WHEN " + matched(clause.match()));
      clause.condition().ifPresent(c -> sql.append(" AND (").append(c).append("\n)"));
      sql.append(" THEN " + (clause.action() instanceof MergeAction.DoNothing ? -1 : i));
    }
    sql.append(" ELSE -1 END AS " + CLAUSE);
    for (Types.NestedField field : state.schema().columns()) {
      sql.append(", ");
      column(sql, field);
      sql.append(" AS " + value(field));
    }
    sql.append(", ");
    message(sql);
    return sql.append(" AS \"$message\" FROM ").build();
  }

  private String matched(MergeClause.Match match) {
    String row = target + "." + Identifiers.quote(Binder.ROW);
    return switch (match) {
      case MATCHED -> row + " IS NOT NULL AND " + PRESENT;
      case NOT_MATCHED_BY_TARGET -> row + " IS NULL";
      case NOT_MATCHED_BY_SOURCE -> PRESENT + " IS NULL";
    };
  }

  private void message(SqlText.Builder sql) {
    sql.append("CASE " + CLAUSE);
    for (int i = 0; i < merge.clauses().size(); i++) {
      if (merge.clauses().get(i).action() instanceof MergeAction.Fail(Optional<SqlText> message)
          && message.isPresent()) {
        sql.append(" WHEN " + i + " THEN CAST((").append(message.get()).append("\n) AS VARCHAR)");
      }
    }
    sql.append(" WHEN -2 THEN '' END");
  }

  /** The value of one column, by the clause that decides. */
  private void column(SqlText.Builder sql, Types.NestedField field) {
    String type = IcebergTypes.toDuck(field.type());
    sql.append("CASE " + CLAUSE);
    for (int i = 0; i < merge.clauses().size(); i++) {
      Optional<SqlText> value = value(merge.clauses().get(i).action(), field);
      if (value.isPresent()) {
        sql.append(" WHEN " + i + " THEN CAST((").append(value.get()).append("\n) AS " + type + ")");
      }
    }
    sql.append(" WHEN -2 THEN CAST(NULL AS " + type + ") END");
  }

  private Optional<SqlText> value(MergeAction action, Types.NestedField field) {
    return switch (action) {
      case MergeAction.UpdateSet(List<Assignment> assignments) -> assigned(assignments, field);
      case MergeAction.UpdateAll(boolean byName) -> fromSource(field, byName);
      case MergeAction.InsertAll(boolean byName) ->
          fromSource(field, byName).or(() -> Optional.of(defaultOf(field)));
      case MergeAction.InsertValues(List<String> columns, List<SqlText> values) ->
          inserted(columns, values, field);
      case MergeAction.InsertDefaults() -> Optional.of(defaultOf(field));
      case MergeAction.DeleteRow() -> Optional.empty();
      case MergeAction.DoNothing() -> Optional.empty();
      case MergeAction.Fail fail -> Optional.empty();
    };
  }

  private static Optional<SqlText> assigned(
      List<Assignment> assignments, Types.NestedField field) {
    for (Assignment assignment : assignments) {
      if (assignment.column().size() > 1) {
        throw new PolderException(
            ErrorCode.NOT_SUPPORTED,
            "a field of a struct cannot be assigned alone; assign the whole column");
      }
      if (assignment.column().getFirst().equalsIgnoreCase(field.name())) {
        return Optional.of(
            assignment.isDefault() ? defaultOf(field) : assignment.expression());
      }
    }
    return Optional.empty();
  }

  private Optional<SqlText> inserted(
      List<String> columns, List<SqlText> values, Types.NestedField field) {
    List<Types.NestedField> named = InsertExecution.columns(state, columns);
    if (named.size() != values.size()) {
      throw new PolderException(
          ErrorCode.BINDING_ERROR,
          "MERGE … INSERT names " + named.size() + " columns and gives " + values.size() + " values");
    }
    int index = named.indexOf(field);
    if (index < 0 || values.get(index).toString().equalsIgnoreCase("DEFAULT")) {
      return Optional.of(defaultOf(field));
    }
    return Optional.of(values.get(index));
  }

  private Optional<SqlText> fromSource(Types.NestedField field, boolean byName) {
    Map<String, String> byKey = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (Result.Column column : sourceColumns) {
      byKey.put(column.name().toLowerCase(java.util.Locale.ROOT), column.name());
      names.add(column.name());
    }
    int position = state.schema().columns().indexOf(field);
    String name =
        byName
            ? byKey.get(field.name().toLowerCase(java.util.Locale.ROOT))
            : position < names.size() ? names.get(position) : null;
    return Optional.ofNullable(name)
        .map(
            column ->
                SqlText.of(SourceAlias.PLACEHOLDER + "." + Identifiers.quote(column)));
  }

  private static SqlText defaultOf(Types.NestedField field) {
    return SqlText.of(Literals.sql(field.writeDefault(), field.type()));
  }
}
