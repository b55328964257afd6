package dev.polder.engine.internal.dml;

import dev.polder.lake.TableState;
import dev.polder.lake.type.IcebergTypes;
import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import dev.polder.sql.statement.Assignment;
import dev.polder.sql.statement.Insert;
import dev.polder.sql.statement.InsertSource;
import dev.polder.sql.statement.Merge;
import dev.polder.sql.statement.MergeAction;
import dev.polder.sql.statement.MergeClause;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.SqlText.Edit;
import dev.polder.sql.statement.Update;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.types.Types;

/** Casts each parameter that is a column's new value to the column's type. Stateless. */
final class ColumnParameters {
  private ColumnParameters() {}

  static Insert typed(Insert insert, TableState state) {
    return switch (insert.source()) {
      case InsertSource.DefaultValues defaults -> insert;
      case InsertSource.Rows(SqlText query, boolean _) -> {
        List<Types.NestedField> columns = InsertExecution.columns(state, insert.columns());
        yield new Insert(
            insert.text(),
            insert.with(),
            insert.target(),
            insert.alias(),
            insert.columns(),
            insert.byName(),
            new InsertSource.Rows(ValueRows.typed(query, columns), false),
            insert.returning());
      }
    };
  }

  static Update typed(Update update, TableState state) {
    return new Update(
        update.text(),
        update.with(),
        update.target(),
        update.alias(),
        assignments(update.assignments(), state),
        update.from(),
        update.where(),
        update.returning());
  }

  static Merge typed(Merge merge, TableState state) {
    return new Merge(
        merge.text(),
        merge.with(),
        merge.target(),
        merge.alias(),
        merge.source(),
        merge.condition(),
        merge.clauses().stream()
            .map(clause ->
                new MergeClause(clause.match(), clause.condition(), typed(clause.action(), state)))
            .toList(),
        merge.returning());
  }

  private static MergeAction typed(MergeAction action, TableState state) {
    return switch (action) {
      case MergeAction.UpdateSet(List<Assignment> assignments) ->
          new MergeAction.UpdateSet(assignments(assignments, state));
      case MergeAction.InsertValues(List<String> names, List<SqlText> values) -> {
        List<Types.NestedField> columns = InsertExecution.columns(state, names);
        List<SqlText> typed = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
          SqlText value = values.get(i);
          typed.add(i < columns.size() ? value(value, columns.get(i)) : value);
        }
        yield new MergeAction.InsertValues(names, typed);
      }
      default -> action;
    };
  }

  private static List<Assignment> assignments(List<Assignment> assignments, TableState state) {
    return assignments.stream()
        .map(assignment ->
            assignment.column().size() > 1
                ? assignment
                : new Assignment(
                    assignment.column(),
                    value(
                        assignment.expression(),
                        InsertExecution.column(state, assignment.column().getFirst()))))
        .toList();
  }

  private static SqlText value(SqlText expression, Types.NestedField column) {
    List<Token> tokens = Lexer.tokens(expression.toString());
    boolean whole = tokens.size() == 1 && tokens.getFirst().kind() == Token.Kind.PARAMETER;
    return whole ? expression.edited(List.of(cast(tokens.getFirst(), column))) : expression;
  }

  private static Edit cast(Token parameter, Types.NestedField column) {
    return new Edit(
        parameter.start(),
        parameter.end(),
        "CAST(" + parameter.text() + " AS " + IcebergTypes.toDuck(column.type()) + ")");
  }
}
