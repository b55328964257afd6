package dev.polder.engine.internal.dml;

import dev.polder.duck.Sql;
import dev.polder.engine.internal.dml.DataExecution.Outcome;
import dev.polder.engine.internal.execute.Execution;
import dev.polder.engine.internal.execute.QueryBinding;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.engine.internal.execute.UserErrors;
import dev.polder.engine.internal.source.SourceReads;
import dev.polder.engine.internal.source.SourceWriting;
import dev.polder.federation.arrow.ArrowTypes;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.sql.bind.BoundQuery;
import dev.polder.sql.pushdown.ChangePushdown;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.statement.Assignment;
import dev.polder.sql.statement.CopyFrom;
import dev.polder.sql.statement.CopyTo;
import dev.polder.sql.statement.DataStatement;
import dev.polder.sql.statement.Delete;
import dev.polder.sql.statement.Identifiers;
import dev.polder.sql.statement.Insert;
import dev.polder.sql.statement.InsertSource;
import dev.polder.sql.statement.Merge;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.Truncate;
import dev.polder.sql.statement.Update;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * INSERT, UPDATE and DELETE on tables of sources. The rows of an INSERT come from DuckDB; UPDATE
 * and DELETE run in the source, where it understands all of them exactly, and are refused
 * otherwise. For one statement.
 */
final class SourceWrites {
  private final StatementContext context;
  private final Execution execution;
  private final SourceTarget target;
  private final SourceWriting writing;

  private SourceWrites(
      StatementContext context, Execution execution, SourceTarget target, SourceWriting writing) {
    this.context = context;
    this.execution = execution;
    this.target = target;
    this.writing = writing;
  }

  /** Runs a statement whose target is in a source. */
  static Outcome run(
      StatementContext context, Execution execution, SourceTarget target, DataStatement statement) {
    SourceWriting writing =
        SourceWriting.begin(context.session(), execution.sources(), target.source());
    SourceWrites writes = new SourceWrites(context, execution, target, writing);
    long rows =
        switch (statement) {
          case Insert insert -> writes.insert(insert);
          case Update update -> writes.update(update);
          case Delete delete -> writes.delete(delete);
          case Merge _, Truncate _, CopyFrom _, CopyTo _ ->
              throw notSupported(
                  "MERGE, TRUNCATE and COPY are not there for tables of sources; use INSERT, UPDATE"
                      + " and DELETE");
        };
    writing.done();
    return Outcome.of(rows);
  }

  private long insert(Insert insert) {
    refuse(insert.returning().isPresent(), "RETURNING");
    RemoteTable table = table(Privilege.INSERT);
    if (!(insert.source() instanceof InsertSource.Rows(SqlText query, boolean defaults))
        || defaults) {
      throw notSupported("DEFAULT is not there for tables of sources: leave the column out");
    }
    SqlText.Builder text = SqlText.builder();
    insert.with().ifPresent(with -> text.append(with).append(" "));
    SqlText full = text.append(query).build();
    BoundQuery bound = new QueryBinding(context, execution).bind(full).query();
    UserErrors.use(execution, bound, SourceReads.Mode.REPEATED);
    try {
      var given = execution.connection().describe(bound.text().toString(), execution.allocator());
      List<RemoteColumn> columns =
          insert.byName()
              ? given.columns().stream().map(column -> column(table, column.name())).toList()
              : insert.columns().isEmpty()
                  ? table.columns()
                  : insert.columns().stream().map(name -> column(table, name)).toList();
      if (columns.size() != given.columns().size()) {
        throw new PolderException(
            ErrorCode.BINDING_ERROR,
            "the table takes "
                + columns.size()
                + " values here, but the statement gives "
                + given.columns().size());
      }
      try (ResultReader rows =
          new ResultReader(
              execution
                  .connection()
                  .query(
                      cast(bound.text().toString(), columns),
                      context.parameters(),
                      execution.allocator()),
              execution.allocator())) {
        return writing.transaction().insert(table, columns, rows);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } catch (PolderException e) {
      throw UserErrors.of(bound).apply(e);
    }
  }

  /** The rows in the columns' types, as they travel. */
  private static String cast(String rows, List<RemoteColumn> columns) {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (RemoteColumn column : columns) {
      String name = Sql.identifier("c" + names.size());
      names.add(name);
      String value = "CAST(" + name + " AS " + column.type() + ")";
      values.add(
          (ArrowTypes.isText(column.type()) ? "CAST(" + value + " AS VARCHAR)" : value)
              + " AS "
              + Sql.identifier(column.name()));
    }
    return "SELECT "
        + String.join(", ", values)
        + " FROM ("
        + rows
        + "\n) AS s("
        + String.join(", ", names)
        + ")";
  }

  private long update(Update update) {
    refuse(update.returning().isPresent(), "RETURNING");
    refuse(update.from().isPresent(), "UPDATE … FROM");
    refuse(update.with().isPresent(), "WITH before UPDATE");
    RemoteTable table = table(Privilege.UPDATE);
    List<RemoteColumn> columns = new ArrayList<>();
    SqlText.Builder values = SqlText.builder().append("SELECT ");
    for (Assignment assignment : update.assignments()) {
      if (assignment.isDefault() || assignment.column().size() != 1) {
        throw notSupported("an UPDATE of a source's table sets whole columns to expressions");
      }
      RemoteColumn column = column(table, assignment.column().getFirst());
      values
          .append(columns.isEmpty() ? "CAST((" : ", CAST((")
          .append(assignment.expression())
          .append("\n) AS " + column.type() + ") AS c" + columns.size());
      columns.add(column);
    }
    ChangePushdown.Change change = decided(values, update.alias(), update.where());
    Map<RemoteColumn, RemoteExpression> changes = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      changes.put(columns.get(i), change.values().get(i));
    }
    return writing.transaction().update(table, changes, change.where());
  }

  private long delete(Delete delete) {
    refuse(delete.returning().isPresent(), "RETURNING");
    refuse(delete.using().isPresent(), "DELETE … USING");
    refuse(delete.with().isPresent(), "WITH before DELETE");
    RemoteTable table = table(Privilege.DELETE);
    ChangePushdown.Change change =
        decided(
            SqlText.builder()
                .append("SELECT " + Identifiers.quote(table.columns().getFirst().name())),
            delete.alias(),
            delete.where());
    return writing.transaction().delete(table, change.where());
  }

  /** The statement's values and conditions as the source evaluates them. */
  private ChangePushdown.Change decided(
      SqlText.Builder select, Optional<String> alias, Optional<SqlText> where) {
    select.append(
        " FROM "
            + Identifiers.quote(target.source().alias().value())
            + "."
            + Identifiers.quote(schema())
            + "."
            + Identifiers.quote(target.table())
            + alias.map(name -> " AS " + Identifiers.quote(name)).orElse(""));
    where.ifPresent(condition -> select.append(" WHERE ").append(condition));
    ChangePushdown.Decision decision = new QueryBinding(context, execution).change(select.build());
    return decision
        .change()
        .orElseThrow(() ->
            notSupported(
                "the source cannot run this statement exactly as it is meant ("
                    + String.join("; ", decision.notes())
                    + "): use comparisons with constants, or read first and name the rows by their"
                    + " key"));
  }

  private String schema() {
    return target.schema().orElseGet(writing::defaultSchema);
  }

  /** The table, on which the session holds the privilege; nobody else learns whether it exists. */
  private RemoteTable table(Privilege privilege) {
    String shown = target.source().alias() + "." + schema() + "." + target.table();
    target
        .access()
        .onSource(privilege, target.source().id(), List.of(schema(), target.table()), shown)
        .require();
    if (!target.access().sourcePolicies(target.source().id(), schema(), target.table()).isEmpty()) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED,
          "a row filter or mask on " + shown + " holds for you: such tables are read, not written");
    }
    writing.requireWritable();
    context.trail().names(shown);
    return writing
        .table(schema(), target.table())
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.COLLECTION_NOT_FOUND, "table or view " + shown + " does not exist"));
  }

  private static RemoteColumn column(RemoteTable table, String name) {
    return table
        .column(name)
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.COLUMN_NOT_FOUND, table + " has no column \"" + name + "\""));
  }

  private static void refuse(boolean used, String what) {
    if (used) {
      throw notSupported(what + " is not there for tables of sources");
    }
  }

  private static PolderException notSupported(String message) {
    return new PolderException(ErrorCode.NOT_SUPPORTED, message);
  }
}
