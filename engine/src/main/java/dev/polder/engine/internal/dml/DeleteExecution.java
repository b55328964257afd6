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
import dev.polder.lake.Overwrite;
import dev.polder.lake.TableState;
import dev.polder.lake.filter.LakeFilter;
import dev.polder.lake.plan.PlannedFile;
import dev.polder.lake.plan.ScanPlan;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.policy.DeniedException;
import dev.polder.sql.bind.Binder;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.statement.Delete;
import dev.polder.sql.statement.Identifiers;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.Truncate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** DELETE and TRUNCATE. Stateless. */
final class DeleteExecution {
  private DeleteExecution() {}

  static Outcome run(StatementContext context, Execution execution, Delete delete) {
    Targets targets = Targets.of(context);
    LakeCollection table = targets.table(delete.target(), Privilege.DELETE);
    boolean filtered = !targets.access().policies(table.id()).rowFilters().isEmpty();
    if (delete.where().isEmpty()
        && delete.using().isEmpty()
        && delete.returning().isEmpty()
        && !filtered) {
      return all(context, table);
    }
    TableState state = context.writing().tableState(table);
    String alias = TargetText.alias(delete.target(), delete.alias());
    SqlText.Builder head = SqlText.builder();
    delete.with().ifPresent(with -> head.append(with).append(" "));
    SqlText select = head.append("SELECT DISTINCT " + identity(alias) + " FROM ").build();
    SqlText.Builder query =
        SqlText.builder().append(select).append(TargetText.table(delete.target(), delete.alias()));
    delete.using().ifPresent(using -> query.append(", ").append(using));
    delete.where().ifPresent(where -> query.append(" WHERE (").append(where).append("\n)"));
    BoundQuery bound =
        new QueryBinding(context, execution)
            .bind(query.build(), analysis -> TargetText.references(analysis, select.length()))
            .query();
    QueryBinding.recordReads(context, bound);
    UserErrors.use(execution, bound, SourceReads.Mode.REPEATED);
    try {
      String matches = matches(context, execution, bound);
      MatchedRows matched =
          MatchedRows.read(execution, plan(bound), "SELECT * FROM " + matches, List.of());
      TargetRewrite rewrite = new TargetRewrite(context, execution, table, state, matched);
      Optional<String> returned =
          delete
              .returning()
              .map(returning ->
                  Returning.fill(
                      context,
                      execution,
                      returning,
                      TargetText.table(delete.target(), delete.alias()),
                      staged(
                          context, execution, state, old(state, rewrite.storedRows(), matches))));
      if (!matched.isEmpty()) {
        rewrite.apply("write.delete.mode", Optional.empty(), readFilter(bound, table));
      }
      return new Outcome(matched.count(), returned);
    } catch (PolderException e) {
      throw UserErrors.of(bound).apply(e);
    }
  }

  /** A temporary table of the rows that the statement means. */
  private static String matches(StatementContext context, Execution execution, BoundQuery bound) {
    String name = "temp.main." + Sql.identifier("matched_" + UUID.randomUUID());
    execution
        .connection()
        .execute("CREATE TEMP TABLE " + name + " AS " + bound.text(), context.parameters());
    return name;
  }

  /** Rows in a form that the catalog of RETURNING can read: it cannot see temporary tables. */
  static String staged(
      StatementContext context, Execution execution, TableState state, String rows) {
    return StagedScan.sql(
        new RowWriter(context, execution, state).stage(rows, List.of(), false), state);
  }

  private static String old(TableState state, String stored, String matches) {
    return state.schema().columns().stream()
        .map(field -> "r." + Sql.identifier(field.name()))
        .collect(
            Collectors.joining(
                ", ", "SELECT ", " FROM " + UpdateExecution.joined(stored, matches)));
  }

  /** The target's identity columns. */
  static String identity(String alias) {
    return alias
        + "."
        + Identifiers.quote(Binder.FILE)
        + ", "
        + alias
        + "."
        + Identifiers.quote(Binder.ROW);
  }

  static ScanPlan plan(BoundQuery bound) {
    return bound
        .targetPlan()
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.WRONG_OBJECT_TYPE,
                "the target is named like a query of WITH; name one of them otherwise"));
  }

  /** Which rows of the target the statement looked at. */
  static LakeFilter readFilter(BoundQuery bound, LakeCollection table) {
    return bound.reads().stream()
        .filter(read -> read.table().id().equals(table.id()))
        .map(BoundQuery.Read::filter)
        .reduce((a, b) -> new LakeFilter.Or(List.of(a, b)))
        .orElse(LakeFilter.ALL);
  }

  static Outcome truncate(StatementContext context, Truncate truncate) {
    Targets targets = Targets.of(context);
    ObjectName name = truncate.target();
    LakeCollection table = targets.table(name, Privilege.DELETE);
    if (!targets.access().policies(table.id()).rowFilters().isEmpty()) {
      throw new DeniedException(
          table.ref().toString(),
          "TRUNCATE needs sight of all rows of " + table.ref() + "; use DELETE");
    }
    return all(context, table);
  }

  private static Outcome all(StatementContext context, LakeCollection table) {
    ScanPlan plan = context.writing().plan(table, LakeFilter.ALL);
    long rows = 0;
    for (PlannedFile file : plan.files()) {
      rows +=
          file.recordCount()
              - file.deletes().map(deletes -> deletes.positions().getLongCardinality()).orElse(0L);
    }
    if (!plan.files().isEmpty()) {
      context
          .writing()
          .overwrite(
              table,
              new Overwrite(
                  plan.files().stream().map(PlannedFile::dataFile).toList(),
                  List.of(),
                  Map.of(),
                  LakeFilter.ALL));
    }
    return Outcome.of(rows);
  }
}
