package dev.polder.sql.parse.internal;

import dev.polder.sql.parse.Token;
import dev.polder.sql.parse.Token.Kind;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Rewrites the spellings of time travel that DuckDB does not know to its own: {@code t AS OF SYSTEM
 * TIME x} and {@code t FOR SYSTEM_TIME AS OF x} to {@code t AT (TIMESTAMP => x)}, {@code t FOR
 * SYSTEM_VERSION AS OF n} to {@code t AT (VERSION => n)}. An alias that follows moves before the
 * clause, where DuckDB wants it.
 */
public final class TimeTravel {
  private static final Set<String> NO_ALIAS =
      Set.of(
          "WHERE",
          "JOIN",
          "LEFT",
          "RIGHT",
          "INNER",
          "FULL",
          "OUTER",
          "CROSS",
          "NATURAL",
          "ASOF",
          "POSITIONAL",
          "SEMI",
          "ANTI",
          "ON",
          "USING",
          "GROUP",
          "ORDER",
          "LIMIT",
          "OFFSET",
          "HAVING",
          "QUALIFY",
          "WINDOW",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "SELECT",
          "TABLESAMPLE",
          "SAMPLE",
          "PIVOT",
          "UNPIVOT",
          "WHEN",
          "SET",
          "RETURNING",
          "FETCH",
          "LATERAL",
          "FOR",
          "AS",
          "WITH",
          "AT",
          "FROM",
          "VALUES",
          "AND",
          "OR");

  private final Cursor cursor;
  private final List<SqlText.Edit> edits = new ArrayList<>();

  private TimeTravel(Cursor cursor) {
    this.cursor = cursor;
  }

  public static SqlText rewrite(SqlText text, List<Token> tokens) {
    TimeTravel rewriter = new TimeTravel(new Cursor(text, tokens, false));
    while (!rewriter.cursor.atEnd()) {
      rewriter.step();
    }
    return text.edited(rewriter.edits);
  }

  private void step() {
    int start = cursor.token(0).start();
    if (cursor.accept("AS", "OF", "SYSTEM", "TIME")
        || cursor.accept("FOR", "SYSTEM_TIME", "AS", "OF")
        || cursor.accept("FOR", "TIMESTAMP", "AS", "OF")) {
      clause(start, "TIMESTAMP");
    } else if (cursor.accept("FOR", "SYSTEM_VERSION", "AS", "OF")
        || cursor.accept("FOR", "VERSION", "AS", "OF")) {
      clause(start, "VERSION");
    } else {
      cursor.next();
    }
  }

  private void clause(int start, String unit) {
    SqlText value = operand();
    int end = cursor.token(-1).end();
    String alias = "";
    if (cursor.at("AS") && !cursor.at("AS", "OF")) {
      alias = alias(1);
    } else if (cursor.token(0).kind() == Kind.QUOTED
        || (cursor.token(0).kind() == Kind.WORD
            && !NO_ALIAS.contains(cursor.word(0))
            && !cursor.at("DRY", "RUN"))) {
      alias = alias(0);
    }
    if (!alias.isEmpty()) {
      end = cursor.token(-1).end();
    }
    edits.add(new SqlText.Edit(start, end, alias + "AT (" + unit + " => " + value + ")"));
  }

  private SqlText operand() {
    int from = cursor.index();
    Kind kind = cursor.token(0).kind();
    if (cursor.at("(")) {
      cursor.skipBrackets();
    } else if (cursor.token(0).isString() || kind == Kind.NUMBER || kind == Kind.PARAMETER) {
      cursor.next();
    } else if (cursor.at("-") && cursor.token(1).kind() == Kind.NUMBER) {
      cursor.next();
      cursor.next();
    } else if ((cursor.at("TIMESTAMP") || cursor.at("TIMESTAMPTZ")) && cursor.token(1).isString()) {
      cursor.next();
      cursor.next();
    } else if (kind == Kind.WORD && cursor.is(1, "(")) {
      cursor.next();
      cursor.skipBrackets();
    } else {
      throw cursor.unexpected("a time or a version: a string, a number or a parameter");
    }
    return cursor.sliceFrom(from);
  }

  private String alias(int skipped) {
    cursor.moveTo(cursor.index() + skipped);
    int from = cursor.index();
    cursor.name("an alias");
    if (cursor.at("(")) {
      cursor.skipBrackets();
    }
    return "AS " + cursor.sliceFrom(from) + " ";
  }
}
