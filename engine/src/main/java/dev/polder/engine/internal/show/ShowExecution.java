package dev.polder.engine.internal.show;

import dev.polder.engine.Description;
import dev.polder.engine.Result;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.sql.statement.ShowColumns;
import dev.polder.sql.statement.ShowCreate;
import dev.polder.sql.statement.ShowDatabases;
import dev.polder.sql.statement.ShowSchemas;
import dev.polder.sql.statement.ShowStatement;
import dev.polder.sql.statement.ShowTables;
import java.util.List;

/**
 * Answers SHOW of databases, schemas, tables, columns and definitions: what the principal holds any
 * grant on, inside a transaction as the transaction sees it. Stateless.
 */
public final class ShowExecution {
  private ShowExecution() {}

  public static Result run(StatementContext context, ShowStatement statement) {
    Work work = new Work(context);
    Table table =
        switch (statement) {
          case ShowTables show -> BoundSpace.look(work, space -> SpaceList.tables(space, show));
          case ShowSchemas show ->
              BoundSpace.look(work, space -> SpaceList.schemas(space, show.database()));
          case ShowDatabases show ->
              work.read(tx ->
                  show.dropped() ? DatabaseList.dropped(work, tx) : DatabaseList.of(work, tx));
          case ShowColumns show ->
              BoundSpace.look(work, space -> ColumnList.of(space, show.table()));
          case ShowCreate show -> BoundSpace.look(work, space -> DefinitionText.of(space, show));
        };
    return table.answer(context);
  }

  /** What the statement would answer; nothing is read. */
  public static Description describe(StatementContext context, ShowStatement statement) {
    return Table.description(context, columns(statement));
  }

  private static List<Header> columns(ShowStatement statement) {
    return switch (statement) {
      case ShowTables show -> show.all() ? SpaceList.ALL_TABLES : SpaceList.TABLES;
      case ShowSchemas ignored -> SpaceList.SCHEMAS;
      case ShowDatabases show -> show.dropped() ? DatabaseList.DROPPED : DatabaseList.COLUMNS;
      case ShowColumns ignored -> ColumnList.COLUMNS;
      case ShowCreate ignored -> DefinitionText.COLUMNS;
    };
  }
}
