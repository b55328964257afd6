package dev.polder.sql.analyse.internal;

import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import dev.polder.sql.parse.internal.Cursor;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns each {@code PIVOT source ON columns USING aggregates GROUP BY rows} into {@code FROM source
 * SELECT *, columns, aggregates, rows}: every name, call and subquery keeps its place, and only
 * keywords change. The form {@code FROM source PIVOT (…)} is left alone, since DuckDB serialises
 * it.
 */
public final class PivotHeads {
  private final Cursor cursor;
  private final List<SqlText.Edit> edits = new ArrayList<>();

  private PivotHeads(Cursor cursor) {
    this.cursor = cursor;
  }

  public static SqlText toSelect(SqlText text) {
    Cursor cursor = new Cursor(text, Lexer.tokens(text.toString()), false);
    PivotHeads heads = new PivotHeads(cursor);
    heads.level(false);
    return text.edited(heads.edits);
  }

  /** Reads to the end of the present brackets. */
  private void level(boolean within) {
    boolean inPivot = false;
    boolean selected = false;
    while (!cursor.atEnd()) {
      if (isHead()) {
        replace(1, "FROM");
        inPivot = true;
        selected = false;
        continue;
      }
      boolean clause = cursor.at("ON") || cursor.at("USING");
      boolean group = cursor.at("GROUP", "BY");
      if (inPivot && (cursor.at("JOIN") || cursor.at(";"))) {
        throw cursor.notSupported(
            "a join in PIVOT must stand in parentheses: PIVOT (SELECT … JOIN …) ON …");
      }
      if (inPivot && (clause || group)) {
        replace(group ? 2 : 1, selected ? "," : "SELECT *,");
        selected = true;
      } else if (cursor.at("UNION") || cursor.at("INTERSECT") || cursor.at("EXCEPT")) {
        inPivot = false;
        cursor.next();
      } else if (opens()) {
        cursor.next();
        level(true);
      } else if (closes()) {
        cursor.next();
        if (within) {
          return;
        }
      } else {
        cursor.next();
      }
    }
  }

  private boolean isHead() {
    if (!cursor.at("PIVOT") && !cursor.at("PIVOT_WIDER")) {
      return false;
    }
    if (!cursor.is(1, "(")) {
      return !cursor.is(-1, ".");
    }
    int from = cursor.index();
    cursor.next();
    int inner = cursor.index() + 1;
    cursor.skipBrackets();
    int end = cursor.index() - 1;
    cursor.moveTo(inner);
    boolean clause = false;
    while (cursor.index() < end) {
      if (opens()) {
        cursor.skipBrackets();
      } else {
        clause |= cursor.at("FOR");
        cursor.next();
      }
    }
    cursor.moveTo(from);
    return !clause;
  }

  private void replace(int tokens, String replacement) {
    Token first = cursor.token(0);
    Token last = cursor.token(tokens - 1);
    edits.add(new SqlText.Edit(first.start(), last.end(), replacement));
    cursor.moveTo(cursor.index() + tokens);
  }

  private boolean opens() {
    return cursor.at("(") || cursor.at("[") || cursor.at("{");
  }

  private boolean closes() {
    return cursor.at(")") || cursor.at("]") || cursor.at("}");
  }
}
