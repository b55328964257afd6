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
import dev.polder.sql.statement.Merge;
import dev.polder.sql.statement.MergeAction;
import dev.polder.sql.statement.MergeClause;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.iceberg.types.Types;

/**
 * MERGE: one query pairs target and source, decides each pair's clause and computes its values;
 * then the rows are deleted, replaced and added in one change. Stateless.
 */
final class MergeExecution {
  private MergeExecution() {}

  static Outcome run(StatementContext context, Execution execution, Merge merge) {
    if (merge.returning().isPresent()) {
      throw new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "RETURNING is there for INSERT, UPDATE and DELETE, not for MERGE; SELECT the rows");
    }
    Targets targets = Targets.of(context);
    LakeCollection table = targets.table(merge.target(), privileges(merge).getFirst());
    privileges(merge).forEach(privilege -> targets.require(table, privilege));
    TableState state = context.writing().tableState(table);
    MergeQuery query = new MergeQuery(context, merge, state);
    BoundQuery bound =
        new QueryBinding(context, execution)
            .bind(query.text(), analysis -> query.targets(analysis))
            .query();
    QueryBinding.recordReads(context, bound);
    UserErrors.use(execution, bound, SourceReads.Mode.REPEATED);
    String pairs = "temp.main." + Sql.identifier("merged_" + UUID.randomUUID());
    try {
      execution
          .connection()
          .execute(
              "CREATE TEMP TABLE "
                  + pairs
                  + " AS SELECT * FROM ("
                  + bound.text()
                  + "\n) WHERE "
                  + MergeQuery.CLAUSE
                  + " >= 0",
              context.parameters());
    } catch (PolderException e) {
      throw UserErrors.of(bound).apply(e);
    }
    refuseFailing(execution, merge, pairs);
    return change(context, execution, targets, table, state, merge, bound, pairs);
  }

  static List<Privilege> privileges(Merge merge) {
    List<Privilege> privileges = new ArrayList<>();
    for (MergeClause clause : merge.clauses()) {
      switch (clause.action()) {
        case MergeAction.UpdateSet set -> privileges.add(Privilege.UPDATE);
        case MergeAction.UpdateAll all -> privileges.add(Privilege.UPDATE);
        case MergeAction.DeleteRow delete -> privileges.add(Privilege.DELETE);
        case MergeAction.InsertValues insert -> privileges.add(Privilege.INSERT);
        case MergeAction.InsertAll insert -> privileges.add(Privilege.INSERT);
        case MergeAction.InsertDefaults insert -> privileges.add(Privilege.INSERT);
        case MergeAction.DoNothing nothing -> privileges.add(Privilege.SELECT);
        case MergeAction.Fail fail -> privileges.add(Privilege.SELECT);
      }
    }
    return privileges.stream().distinct().toList();
  }

  private static void refuseFailing(Execution execution, Merge merge, String pairs) {
    List<Integer> failing = clauses(merge, MergeAction.Fail.class);
    if (failing.isEmpty()) {
      return;
    }
    var first =
        execution
            .connection()
            .rows(
                "SELECT \"$message\" FROM "
                    + pairs
                    + " WHERE "
                    + MergeQuery.CLAUSE
                    + " IN ("
                    + numbers(failing)
                    + ") LIMIT 1",
                List.of());
    if (!first.isEmpty()) {
      Object message = first.getFirst().getFirst();
      throw new PolderException(
          ErrorCode.DATA_EXCEPTION,
          "MERGE reached a row whose clause says ERROR" + (message == null ? "" : ": " + message));
    }
  }

  private static Outcome change(
      StatementContext context,
      Execution execution,
      Targets targets,
      LakeCollection table,
      TableState state,
      Merge merge,
      BoundQuery bound,
      String pairs) {
    List<Integer> updating = new ArrayList<>(clauses(merge, MergeAction.UpdateSet.class));
    updating.addAll(clauses(merge, MergeAction.UpdateAll.class));
    List<Integer> deleting = clauses(merge, MergeAction.DeleteRow.class);
    List<Integer> inserting = new ArrayList<>(clauses(merge, MergeAction.InsertValues.class));
    inserting.addAll(clauses(merge, MergeAction.InsertAll.class));
    inserting.addAll(clauses(merge, MergeAction.InsertDefaults.class));
    List<Integer> touching = new ArrayList<>(updating);
    touching.addAll(deleting);
    String identity = Sql.identifier(Binder.FILE) + ", " + Sql.identifier(Binder.ROW);
    String touched =
        "SELECT "
            + identity
            + " FROM "
            + pairs
            + " WHERE "
            + MergeQuery.CLAUSE
            + " IN ("
            + numbers(touching)
            + ")";
    refuseAmbiguous(execution, touching, touched, identity, table);
    MatchedRows matched =
        MatchedRows.read(execution, DeleteExecution.plan(bound), touched, List.of());
    TargetRewrite rewrite = new TargetRewrite(context, execution, table, state, matched);
    List<String> added = new ArrayList<>();
    if (!updating.isEmpty() && !matched.isEmpty()) {
      added.add(updated(state, merge, rewrite.storedRows(), pairs, updating));
    }
    if (!inserting.isEmpty()) {
      added.add(inserted(state, pairs, inserting));
    }
    NewRows newRows = new NewRows(context, execution, targets, table);
    added.forEach(newRows::check);
    long inserts = inserting.isEmpty() ? 0 : count(execution, pairs, inserting);
    if (!matched.isEmpty() || inserts > 0) {
      rewrite.apply(
          "write.merge.mode",
          added.isEmpty()
              ? Optional.empty()
              : Optional.of(
                  added.size() == 1
                      ? added.getFirst()
                      : "(" + String.join("\n) UNION ALL (", added) + "\n)"),
          DeleteExecution.readFilter(bound, table));
    }
    return Outcome.of(matched.count() + inserts);
  }

  private static void refuseAmbiguous(
      Execution execution,
      List<Integer> touching,
      String touched,
      String identity,
      LakeCollection table) {
    if (touching.isEmpty()) {
      return;
    }
    boolean twice =
        !execution
            .connection()
            .rows(
                "SELECT 1 FROM ("
                    + touched
                    + ") GROUP BY "
                    + identity
                    + " HAVING count(*) > 1 LIMIT 1",
                List.of())
            .isEmpty();
    if (twice) {
      throw new PolderException(
          ErrorCode.CARDINALITY_VIOLATION,
          "several source rows match one row of "
              + table.ref()
              + "; make the source unique on the condition");
    }
  }

  private static long count(Execution execution, String pairs, List<Integer> clauses) {
    Object count =
        execution
            .connection()
            .rows(
                "SELECT count(*) FROM "
                    + pairs
                    + " WHERE "
                    + MergeQuery.CLAUSE
                    + " IN ("
                    + numbers(clauses)
                    + ")",
                List.of())
            .getFirst()
            .getFirst();
    return ((Number) java.util.Objects.requireNonNull(count)).longValue();
  }

  private static String updated(
      TableState state, Merge merge, String stored, String pairs, List<Integer> updating) {
    List<String> columns = new ArrayList<>();
    for (Types.NestedField field : state.schema().columns()) {
      List<Integer> setting =
          updating.stream()
              .filter(index -> MergeQuery.sets(merge.clauses().get(index), field.name()))
              .toList();
      String name = Sql.identifier(field.name());
      String value =
          setting.isEmpty()
              ? "r." + name
              : "CASE WHEN m."
                  + MergeQuery.CLAUSE
                  + " IN ("
                  + numbers(setting)
                  + ") THEN "
                  + cast("m." + MergeQuery.value(field), field)
                  + " ELSE r."
                  + name
                  + " END";
      columns.add(value + " AS " + name);
    }
    return "SELECT "
        + String.join(", ", columns)
        + " FROM "
        + UpdateExecution.joined(stored, pairs)
        + " WHERE m."
        + MergeQuery.CLAUSE
        + " IN ("
        + numbers(updating)
        + ")";
  }

  private static String inserted(TableState state, String pairs, List<Integer> inserting) {
    return state.schema().columns().stream()
        .map(field ->
            cast("m." + MergeQuery.value(field), field) + " AS " + Sql.identifier(field.name()))
        .collect(
            Collectors.joining(
                ", ",
                "SELECT ",
                " FROM "
                    + pairs
                    + " AS m WHERE m."
                    + MergeQuery.CLAUSE
                    + " IN ("
                    + numbers(inserting)
                    + ")"));
  }

  private static String cast(String value, Types.NestedField field) {
    return "CAST(" + value + " AS " + IcebergTypes.toDuck(field.type()) + ")";
  }

  private static List<Integer> clauses(Merge merge, Class<? extends MergeAction> kind) {
    List<Integer> indexes = new ArrayList<>();
    for (int i = 0; i < merge.clauses().size(); i++) {
      if (kind.isInstance(merge.clauses().get(i).action())) {
        indexes.add(i);
      }
    }
    return indexes;
  }

  private static String numbers(List<Integer> numbers) {
    return numbers.isEmpty()
        ? "-1"
        : numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
