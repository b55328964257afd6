package dev.polder.engine.internal.execute;

import dev.polder.engine.Description;
import dev.polder.sql.statement.SqlText;

/** What queries inside of other statements answer. Stateless. */
public final class Described {
  private Described() {}

  public static Description query(StatementContext context, SqlText text) {
    return QueryExecution.describe(context, text);
  }
}
