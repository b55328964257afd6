package dev.polder.sql.parse.internal;

import dev.polder.model.ErrorCode;
import dev.polder.sql.parse.Token;
import dev.polder.sql.statement.Consistency;
import dev.polder.sql.statement.SqlText;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes {@code CONSISTENCY = '…'} off the end of a query, which DuckDB does not know. A comparison
 * with a column of that name stays: it follows an operator or one of the words that ask for an
 * expression. Immutable.
 *
 * @param text the statement without the clause
 * @param consistency empty: there was none
 */
public record ConsistencyClause(SqlText text, Optional<Consistency> consistency) {
  private static final Set<String> BEFORE_EXPRESSION =
      Set.of(
          "SELECT",
          "DISTINCT",
          "ALL",
          "WHERE",
          "AND",
          "OR",
          "NOT",
          "ON",
          "HAVING",
          "BY",
          "WHEN",
          "THEN",
          "ELSE",
          "CASE",
          "QUALIFY",
          "RETURNING",
          "SET",
          "AS",
          "FROM",
          "JOIN",
          "TABLE",
          "VALUES",
          "LIKE",
          "ILIKE",
          "IN",
          "IS",
          "BETWEEN",
          "LIMIT",
          "OFFSET",
          "USING",
          "INTO",
          "UPDATE",
          "COLLATE",
          "ESCAPE");

  /** Looks at the last three tokens alone. */
  public static ConsistencyClause of(SqlText text, List<Token> tokens) {
    int size = tokens.size();
    Cursor cursor = new Cursor(text, tokens, false);
    if (size < 5
        || !tokens.get(size - 1).isString()
        || !cursor.is(size - 3, "CONSISTENCY")
        || !cursor.is(size - 2, "=")
        || !endsExpression(cursor, tokens.get(size - 4), size - 4)) {
      return new ConsistencyClause(text, Optional.empty());
    }
    cursor.moveTo(size - 1);
    Consistency consistency = consistency(cursor);
    ConsistencyClause clause =
        new ConsistencyClause(text.slice(0, tokens.get(size - 4).end()), Optional.of(consistency));
    if (of(clause.text(), tokens.subList(0, size - 3)).consistency().isPresent()) {
      throw cursor.error(
          ErrorCode.SYNTAX_ERROR, "CONSISTENCY is given twice", tokens.get(size - 3).start());
    }
    return clause;
  }

  private static boolean endsExpression(Cursor cursor, Token before, int index) {
    return switch (before.kind()) {
      case WORD -> !BEFORE_EXPRESSION.contains(cursor.word(index));
      case QUOTED, NUMBER, PARAMETER -> true;
      default -> before.isString() || cursor.is(index, ")") || cursor.is(index, "]");
    };
  }

  private static Consistency consistency(Cursor cursor) {
    int position = cursor.token(0).start();
    String name = cursor.string("a consistency").toUpperCase(Locale.ROOT);
    return Arrays.stream(Consistency.values())
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            cursor.error(
                ErrorCode.INVALID_PARAMETER,
                "CONSISTENCY is one of "
                    + Arrays.stream(Consistency.values())
                        .map(it -> "'" + it.name().toLowerCase(Locale.ROOT) + "'")
                        .collect(Collectors.joining(", ")),
                position));
  }
}
