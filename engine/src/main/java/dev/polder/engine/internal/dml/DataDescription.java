package dev.polder.engine.internal.dml;

import dev.polder.engine.Description;
import dev.polder.engine.internal.define.Targets;
import dev.polder.engine.internal.execute.Described;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.lake.TableState;
import dev.polder.model.Privilege;
import dev.polder.sql.analyse.DataReads;
import dev.polder.sql.statement.CopyFrom;
import dev.polder.sql.statement.CopyTo;
import dev.polder.sql.statement.DataStatement;
import dev.polder.sql.statement.Delete;
import dev.polder.sql.statement.Insert;
import dev.polder.sql.statement.Merge;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.Truncate;
import dev.polder.sql.statement.Update;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What a statement that changes rows would answer, and the types of its parameters: DuckDB's
 * inference, and the column's type where a parameter is a column's whole new value. Stateless.
 */
final class DataDescription {
  private DataDescription() {}

  static Description of(StatementContext context, DataStatement statement) {
    DataStatement typed = typed(context, statement);
    List<Description> reads = new ArrayList<>();
    DataReads.of(typed).forEach(read -> reads.add(Described.query(context, read)));
    List<String> parameters =
        reads.stream()
            .map(Description::parameters)
            .max(java.util.Comparator.comparingInt(List::size))
            .orElse(List.of());
    if (returns(statement)) {
      Description rows = reads.getLast();
      return new Description(true, rows.columns(), rows.schema(), parameters);
    }
    return new Description(false, List.of(), new Schema(List.of()), parameters);
  }

  private static boolean returns(DataStatement statement) {
    return switch (statement) {
      case Insert insert -> insert.returning().isPresent();
      case Update update -> update.returning().isPresent();
      case Delete delete -> delete.returning().isPresent();
      case Merge _, Truncate _, CopyFrom _, CopyTo _ -> false;
    };
  }

  private static DataStatement typed(StatementContext context, DataStatement statement) {
    return switch (statement) {
      case Insert insert ->
          ColumnParameters.typed(insert, state(context, insert.target(), Privilege.INSERT));
      case Update update ->
          ColumnParameters.typed(update, state(context, update.target(), Privilege.UPDATE));
      case Merge merge -> ColumnParameters.typed(merge, state(context, merge));
      case Delete delete -> {
        state(context, delete.target(), Privilege.DELETE);
        yield delete;
      }
      case Truncate truncate -> truncate;
      case CopyFrom copy -> copy;
      case CopyTo copy -> copy;
    };
  }

  private static TableState state(StatementContext context, Merge merge) {
    List<Privilege> privileges = MergeExecution.privileges(merge);
    privileges.forEach(privilege -> state(context, merge.target(), privilege));
    return state(context, merge.target(), privileges.getFirst());
  }

  private static TableState state(
      StatementContext context, ObjectName target, Privilege privilege) {
    return context.writing().tableState(Targets.of(context).table(target, privilege));
  }
}
