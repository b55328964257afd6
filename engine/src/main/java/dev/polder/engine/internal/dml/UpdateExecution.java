package dev.polder.engine.internal.dml;

import dev.polder.duck.Sql;
import dev.polder.engine.internal.define.Targets;
import dev.polder.engine.internal.dml.DataExecution.Outcome;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.QueryBinding;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.engine.internal.execute.UserErrors;
import dev.polder.engine.internal.source.SourceReads;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.TableState;
import dev.polder.lake.type.IcebergTypes;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.sql.bind.Binder;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.bind.Literals;
import dev.polder.sql.statement.Assignment;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.Update;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.types.Types;

/**
 * UPDATE: the matched rows' identity and new values go to a temporary table; then their other
 * columns, as stored, are joined to them. Stateless.
 */
final class UpdateExecution {
  private UpdateExecution() {}

  static Outcome run(StatementContext context, Execution execution, Update update) {
    Targets targets = Targets.of(context);
    LakeCollection table = targets.table(update.target(), Privilege.UPDATE);
    TableState state = context.writing().tableState(table);
    Map<Types.NestedField, SqlText> values = values(state, update.assignments());
    String alias = TargetText.alias(update.target(), update.alias());
    SqlText.Builder start = SqlText.builder();
    update.with().ifPresent(with -> start.append(with).append(" "));
    start.append("SELECT " + DeleteExecution.identity(alias));
    int index = 0;
    for (SqlText value : values.values()) {
      start.append(", (").append(value).append("\n) AS \"$" + index++ + "\"");
    }
    SqlText head = start.append(" FROM ").build();
    SqlText.Builder query =
        SqlText.builder().append(head).append(TargetText.table(update.target(), update.alias()));
    update.from().ifPresent(from -> query.append(", ").append(from));
    update.where().ifPresent(where -> query.append(" WHERE (").append(where).append("\n)"));
    BoundQuery bound =
        new QueryBinding(context, execution)
            .bind(query.build(), analysis -> TargetText.references(analysis, head.length()))
            .query();
    QueryBinding.recordReads(context, bound);
    UserErrors.use(execution, bound, SourceReads.Mode.REPEATED);
    String matches = "temp.main." + Sql.identifier("matched_" + UUID.randomUUID());
    String once =
        update.from().isPresent()
            ? " QUALIFY row_number() OVER (PARTITION BY "
                + Sql.identifier(Binder.FILE)
                + ", "
                + Sql.identifier(Binder.ROW)
                + ") = 1"
            : "";
    try {
      execution
          .connection()
          .execute(
              "CREATE TEMP TABLE " + matches + " AS SELECT * FROM (" + bound.text() + "\n)" + once,
              context.parameters());
    } catch (PolderException e) {
      throw UserErrors.of(bound).apply(e);
    }
    MatchedRows matched =
        MatchedRows.read(
            execution,
            DeleteExecution.plan(bound),
            "SELECT "
                + Sql.identifier(Binder.FILE)
                + ", "
                + Sql.identifier(Binder.ROW)
                + " FROM "
                + matches,
            List.of());
    TargetRewrite rewrite = new TargetRewrite(context, execution, table, state, matched);
    String updated = updated(state, List.copyOf(values.keySet()), rewrite.storedRows(), matches);
    if (!matched.isEmpty()) {
      new NewRows(context, execution, targets, table).check(updated);
    }
    Optional<String> returned =
        update
            .returning()
            .map(returning ->
                Returning.fill(
                    context,
                    execution,
                    returning,
                    TargetText.table(update.target(), update.alias()),
                    DeleteExecution.staged(context, execution, state, updated)));
    if (!matched.isEmpty()) {
      rewrite.apply(
          "write.update.mode", Optional.of(updated), DeleteExecution.readFilter(bound, table));
    }
    return new Outcome(matched.count(), returned);
  }

  private static Map<Types.NestedField, SqlText> values(
      TableState state, List<Assignment> assignments) {
    Map<Types.NestedField, SqlText> values = new LinkedHashMap<>();
    for (Assignment assignment : assignments) {
      if (assignment.column().size() > 1) {
        throw new PolderException(
            ErrorCode.NOT_SUPPORTED,
            "a field of a struct cannot be assigned alone; assign struct_update("
                + assignment.column().getFirst()
                + ", "
                + assignment.column().getLast()
                + " := …) to the column");
      }
      Types.NestedField field = InsertExecution.column(state, assignment.column().getFirst());
      SqlText value =
          assignment.isDefault()
              ? SqlText.of(Literals.sql(field.writeDefault(), field.type()))
              : assignment.expression();
      if (values.put(field, value) != null) {
        throw new PolderException(
            ErrorCode.COLUMN_EXISTS, "column " + field.name() + " is assigned twice");
      }
    }
    return values;
  }

  /** The matched rows with their new values. */
  private static String updated(
      TableState state, List<Types.NestedField> assigned, String stored, String matches) {
    List<String> columns = new ArrayList<>();
    for (Types.NestedField field : state.schema().columns()) {
      int index = assigned.indexOf(field);
      String value =
          index < 0
              ? "r." + Sql.identifier(field.name())
              : "CAST(m.\"$" + index + "\" AS " + IcebergTypes.toDuck(field.type()) + ")";
      columns.add(value + " AS " + Sql.identifier(field.name()));
    }
    return "SELECT " + String.join(", ", columns) + " FROM " + joined(stored, matches);
  }

  /** Stored rows beside what was computed for them. */
  static String joined(String stored, String matches) {
    String file = Sql.identifier(Binder.FILE);
    String row = Sql.identifier(Binder.ROW);
    return "("
        + stored
        + "\n) AS r JOIN "
        + matches
        + " AS m ON r."
        + file
        + " = m."
        + file
        + " AND r."
        + row
        + " = m."
        + row;
  }
}
