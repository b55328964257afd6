package dev.polder.engine.internal.dml;

import dev.polder.duck.QueryResult;
import dev.polder.duck.ResultColumn;
import dev.polder.duck.Sql;
import dev.polder.duck.write.WrittenFile;
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
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.bind.Literals;
import dev.polder.sql.statement.Insert;
import dev.polder.sql.statement.InsertSource;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** INSERT. Stateless. */
final class InsertExecution {
  private InsertExecution() {}

  static Outcome run(StatementContext context, Execution execution, Insert insert) {
    Targets targets = Targets.of(context);
    LakeCollection table = targets.table(insert.target(), Privilege.INSERT);
    TableState state = context.writing().tableState(table);
    List<Types.NestedField> named = columns(state, insert.columns());
    String select;
    List<@Nullable Object> parameters = List.of();
    Optional<BoundQuery> source = Optional.empty();
    switch (insert.source()) {
      case InsertSource.DefaultValues() ->
          select = projection(state, List.of(), "(SELECT 1)", List.of());
      case InsertSource.Rows(SqlText query, boolean _) -> {
        SqlText full = query(insert, ValueRows.typed(query, named));
        BoundQuery bound = new QueryBinding(context, execution).bind(full).query();
        QueryBinding.recordReads(context, bound);
        UserErrors.use(execution, bound, SourceReads.Mode.REPEATED);
        source = Optional.of(bound);
        parameters = context.parameters();
        select = select(execution, state, bound, named, insert, parameters);
      }
    }
    try {
      return write(
          context, execution, targets, table, state, select, parameters, Optional.of(insert));
    } catch (PolderException e) {
      throw source.isPresent() ? UserErrors.of(source.get()).apply(e) : e;
    }
  }

  /** Stages, checks, publishes and appends the rows of a select. */
  static Outcome write(
      StatementContext context,
      Execution execution,
      Targets targets,
      LakeCollection table,
      TableState state,
      String select,
      List<@Nullable Object> parameters,
      Optional<Insert> insert) {
    RowWriter writer = new RowWriter(context, execution, state);
    List<WrittenFile> files =
        writer.stage(select, parameters, insert.filter(InsertExecution::isOrdered).isPresent());
    new NewRows(context, execution, targets, table).check(StagedScan.sql(files, state));
    Optional<String> returned =
        insert.flatMap(statement ->
            statement
                .returning()
                .map(returning ->
                    Returning.fill(
                        context,
                        execution,
                        returning,
                        TargetText.table(statement.target(), statement.alias()),
                        StagedScan.sql(files, state))));
    if (!files.isEmpty()) {
      context.writing().append(table, writer.publish(files));
    }
    return new Outcome(RowWriter.rows(files), returned);
  }

  /** Whether the rows come in an order that the statement itself asks for. */
  private static boolean isOrdered(Insert insert) {
    return insert.source() instanceof InsertSource.Rows rows && TopLevelOrder.of(rows.query());
  }

  private static SqlText query(Insert insert, SqlText query) {
    SqlText.Builder sql = SqlText.builder();
    insert.with().ifPresent(with -> sql.append(with).append(" "));
    return sql.append(query).build();
  }

  /** The columns that the statement names, or all. */
  static List<Types.NestedField> columns(TableState state, List<String> names) {
    if (names.isEmpty()) {
      return state.schema().columns();
    }
    List<Types.NestedField> fields = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    for (String name : names) {
      Types.NestedField field = column(state, name);
      if (!seen.add(field.fieldId())) {
        throw new PolderException(ErrorCode.COLUMN_EXISTS, "column " + name + " is named twice");
      }
      fields.add(field);
    }
    return fields;
  }

  static Types.NestedField column(TableState state, String name) {
    String key = name.toLowerCase(Locale.ROOT);
    return state.schema().columns().stream()
        .filter(field -> field.name().toLowerCase(Locale.ROOT).equals(key))
        .findFirst()
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.COLUMN_NOT_FOUND, "the table has no column \"" + name + "\""));
  }

  private static String select(
      Execution execution,
      TableState state,
      BoundQuery bound,
      List<Types.NestedField> named,
      Insert insert,
      List<@Nullable Object> parameters) {
    String text = bound.text().toString();
    List<String> given = columns(execution, text, parameters);
    List<Types.NestedField> targets =
        insert.byName() ? given.stream().map(name -> column(state, name)).toList() : named;
    if (targets.size() != given.size()) {
      throw new PolderException(
          ErrorCode.BINDING_ERROR,
          "the table takes "
              + targets.size()
              + " values here, but the statement gives "
              + given.size());
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      names.add("c" + i);
    }
    return projection(state, targets, "(" + text + "\n)", names);
  }

  /** The names of a query's columns, which DuckDB knows for sure when it knows the parameters. */
  private static List<String> columns(
      Execution execution, String text, List<@Nullable Object> parameters) {
    if (parameters.isEmpty()) {
      return execution.connection().columns(text).stream().map(ResultColumn::name).toList();
    }
    try (QueryResult none =
        execution
            .connection()
            .query("SELECT * FROM (" + text + "\n) LIMIT 0", parameters, execution.allocator())) {
      return none.columns().stream().map(column -> column.name()).toList();
    }
  }

  /**
   * All columns of the table, cast to their types: from the source where it gives them, else their
   * defaults.
   */
  static String projection(
      TableState state, List<Types.NestedField> targets, String source, List<String> names) {
    List<String> expressions = new ArrayList<>();
    for (Types.NestedField field : state.schema().columns()) {
      int index = targets.indexOf(field);
      String value =
          index >= 0
              ? "CAST(s."
                  + Sql.identifier(names.get(index))
                  + " AS "
                  + IcebergTypes.toDuck(field.type())
                  + ")"
              : Literals.sql(field.writeDefault(), field.type());
      expressions.add(value + " AS " + Sql.identifier(field.name()));
    }
    String columns =
        names.isEmpty()
            ? ""
            : names.stream()
                .map(Sql::identifier)
                .collect(java.util.stream.Collectors.joining(", ", "(", ")"));
    return "SELECT " + String.join(", ", expressions) + " FROM " + source + " AS s" + columns;
  }
}
