package dev.polder.engine.internal.dml;

import dev.polder.engine.Result;
import dev.polder.engine.internal.execute.Described;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.lake.TableState;
import dev.polder.lake.type.IcebergTypes;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.analyse.Analysis;
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
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.types.Types;

/**
 * The query behind a MERGE: each source row beside the target row that it matches, if any, and each
 * target row that no source row matches; with the number of the clause that decides it (−1: none)
 * and the value of each column. For one statement.
 */
final class MergeQuery {
  static final String CLAUSE = "\"$clause\"";

  private final Merge merge;
  private final TableState state;
  private final String target;
  private final String source;
  private final List<Result.Column> sourceColumns;
  private final SqlText text;
  private final Integer[] targetOffsets;

  MergeQuery(StatementContext context, Merge merge, TableState state) {
    this.merge = merge;
    this.state = state;
    this.target = TargetText.alias(merge.target(), merge.alias());
    this.source = SourceAlias.of(merge.source().toString());
    this.sourceColumns = needsSourceColumns(merge) ? sourceColumns(context, merge) : List.of();
    SqlText.Builder start = SqlText.builder();
    merge.with().ifPresent(with -> start.append(with).append(" "));
    SqlText paired = head(start, Side.SOURCE).append(merge.source()).append(" LEFT JOIN ").build();
    SqlText.Builder query =
        SqlText.builder()
            .append(paired)
            .append(TargetText.table(merge.target(), merge.alias()))
            .append(" ON (");
    condition(query).append("\n)");
    if (!has(MergeClause.Match.NOT_MATCHED_BY_SOURCE)) {
      this.text = query.build();
      this.targetOffsets = new Integer[] {paired.length()};
      return;
    }
    SqlText unpaired = head(query.append(" UNION ALL "), Side.TARGET).build();
    SqlText.Builder both =
        SqlText.builder()
            .append(unpaired)
            .append(TargetText.table(merge.target(), merge.alias()))
            .append(" WHERE NOT EXISTS (SELECT 1 FROM ")
            .append(merge.source())
            .append(" WHERE ");
    this.text = condition(both).append("\n)").build();
    this.targetOffsets = new Integer[] {paired.length(), unpaired.length()};
  }

  /** Which side a half of the query starts from. */
  private enum Side {
    SOURCE,
    TARGET
  }

  SqlText text() {
    return text;
  }

  /** The references to the target in the text. */
  Set<Integer> targets(Analysis analysis) {
    return TargetText.references(analysis, targetOffsets);
  }

  private boolean has(MergeClause.Match match) {
    return merge.clauses().stream().anyMatch(clause -> clause.match() == match);
  }

  private SqlText.Builder condition(SqlText.Builder sql) {
    return switch (merge.condition()) {
      case MergeCondition.On(SqlText condition) -> sql.append("(").append(condition).append("\n)");
      case MergeCondition.Using(List<String> columns) ->
          sql.append(
              columns.stream()
                  .map(Identifiers::quote)
                  .map(column -> target + "." + column + " = " + source + "." + column)
                  .collect(Collectors.joining(" AND ")));
    };
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
        .anyMatch(action ->
            action instanceof MergeAction.UpdateAll || action instanceof MergeAction.InsertAll);
  }

  private static List<Result.Column> sourceColumns(StatementContext context, Merge merge) {
    SqlText.Builder sql = SqlText.builder();
    merge.with().ifPresent(with -> sql.append(with).append(" "));
    return Described.query(context, sql.append("SELECT * FROM ").append(merge.source()).build())
        .columns();
  }

  private SqlText.Builder head(SqlText.Builder sql, Side side) {
    sql.append("SELECT " + DeleteExecution.identity(target) + ", CASE");
    for (int i = 0; i < merge.clauses().size(); i++) {
      MergeClause clause = merge.clauses().get(i);
      if (belongs(clause, side)) {
        sql.append(" WHEN " + matched(clause.match()));
        clause.condition().ifPresent(c -> sql.append(" AND (").append(c).append("\n)"));
        sql.append(" THEN " + (clause.action() instanceof MergeAction.DoNothing ? -1 : i));
      }
    }
    sql.append(" WHEN false THEN -1 ELSE -1 END AS " + CLAUSE);
    for (Types.NestedField field : state.schema().columns()) {
      sql.append(", ");
      column(sql, field, side);
      sql.append(" AS " + value(field));
    }
    sql.append(", ");
    message(sql, side);
    return sql.append(" AS \"$message\" FROM ");
  }

  private static boolean belongs(MergeClause clause, Side side) {
    return (clause.match() == MergeClause.Match.NOT_MATCHED_BY_SOURCE) == (side == Side.TARGET);
  }

  private String matched(MergeClause.Match match) {
    String row = target + "." + Identifiers.quote(Binder.ROW);
    return switch (match) {
      case MATCHED -> row + " IS NOT NULL";
      case NOT_MATCHED_BY_TARGET -> row + " IS NULL";
      case NOT_MATCHED_BY_SOURCE -> "true";
    };
  }

  private void message(SqlText.Builder sql, Side side) {
    sql.append("CASE " + CLAUSE);
    for (int i = 0; i < merge.clauses().size(); i++) {
      if (belongs(merge.clauses().get(i), side)
          && merge.clauses().get(i).action() instanceof MergeAction.Fail(Optional<SqlText> message)
          && message.isPresent()) {
        sql.append(" WHEN " + i + " THEN CAST((").append(message.get()).append("\n) AS VARCHAR)");
      }
    }
    sql.append(" WHEN -2 THEN '' END");
  }

  /** The value of one column, by the clause that decides. */
  private void column(SqlText.Builder sql, Types.NestedField field, Side side) {
    String type = IcebergTypes.toDuck(field.type());
    sql.append("CASE " + CLAUSE);
    for (int i = 0; i < merge.clauses().size(); i++) {
      Optional<SqlText> value =
          belongs(merge.clauses().get(i), side)
              ? value(merge.clauses().get(i).action(), field)
              : Optional.empty();
      if (value.isPresent()) {
        sql.append(" WHEN " + i + " THEN CAST((")
            .append(value.get())
            .append("\n) AS " + type + ")");
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

  private static Optional<SqlText> assigned(List<Assignment> assignments, Types.NestedField field) {
    for (Assignment assignment : assignments) {
      if (assignment.column().size() > 1) {
        throw new PolderException(
            ErrorCode.NOT_SUPPORTED,
            "a field of a struct cannot be assigned alone; assign the whole column");
      }
      if (assignment.column().getFirst().equalsIgnoreCase(field.name())) {
        return Optional.of(assignment.isDefault() ? defaultOf(field) : assignment.expression());
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
          "MERGE … INSERT names "
              + named.size()
              + " columns and gives "
              + values.size()
              + " values");
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
        .map(column -> SqlText.of(source + "." + Identifiers.quote(column)));
  }

  private static SqlText defaultOf(Types.NestedField field) {
    return SqlText.of(Literals.sql(field.writeDefault(), field.type()));
  }
}
