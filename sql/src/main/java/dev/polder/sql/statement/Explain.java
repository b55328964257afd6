package dev.polder.sql.statement;

/** EXPLAIN of another statement; with {@code analyze} the statement is run. */
public record Explain(SqlText text, boolean analyze, Statement inner) implements Statement {
  @Override
  public String redacted() {
    return inner instanceof AdminStatement ? "EXPLAIN " + inner.redacted() : text.toString();
  }
}
