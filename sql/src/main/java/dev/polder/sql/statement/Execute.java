package dev.polder.sql.statement;

import java.util.List;

/** EXECUTE name(arguments). */
public record Execute(SqlText text, String name, List<Argument> arguments)
    implements SessionStatement {
  /**
   * One argument.
   *
   * @param name empty for a positional one
   */
  public record Argument(String name, SqlText value) {}
}
