package dev.polder.engine.internal.dml;

import dev.polder.lake.type.IcebergTypes;
import dev.polder.sql.bind.Literals;
import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.SqlText.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.iceberg.types.Types;

/**
 * The rows of an INSERT's VALUES as the target wants them: each expression has its own column's
 * type, as in DuckDB's INSERT, and the word DEFAULT is the column's default. Alone, VALUES would
 * look for one type for all its rows: {@code (0.5), ('NaN')} would fail. Stateless.
 */
final class ValueRows {
  private ValueRows() {}

  /** The text with its expressions typed; a query that is not just VALUES stays as it is. */
  static SqlText typed(SqlText values, List<Types.NestedField> columns) {
    String text = values.toString();
    List<Token> tokens =
        Lexer.tokens(text).stream().filter(token -> token.kind() != Token.Kind.END).toList();
    if (tokens.isEmpty() || !word(text, tokens.getFirst()).equals("VALUES")) {
      return values;
    }
    List<Edit> edits = new ArrayList<>();
    int depth = 0;
    int column = 0;
    int first = 0;
    for (int i = 1; i < tokens.size(); i++) {
      String word = word(text, tokens.get(i));
      boolean opens = word.equals("(") || word.equals("[") || word.equals("{");
      boolean closes = word.equals(")") || word.equals("]") || word.equals("}");
      if (depth == 0 && !opens && !word.equals(",") && !word.equals(";")) {
        // More than rows follows, such as UNION or ORDER BY: its types are its own matter.
        return values;
      }
      if (depth == 1 && (closes || word.equals(",")) && i > first) {
        if (column < columns.size()) {
          edit(text, tokens.subList(first, i), columns.get(column), edits);
        }
        column++;
        first = i + 1;
      }
      if (opens && depth++ == 0) {
        column = 0;
        first = i + 1;
      } else if (closes) {
        depth--;
      }
    }
    return values.edited(edits);
  }

  private static void edit(
      String text, List<Token> expression, Types.NestedField column, List<Edit> edits) {
    int start = expression.getFirst().start();
    int end = expression.getLast().end();
    if (expression.size() == 1) {
      String word = word(text, expression.getFirst());
      if (word.equals("DEFAULT")) {
        edits.add(new Edit(start, end, Literals.sql(column.writeDefault(), column.type())));
        return;
      }
      if (word.equals("NULL") || word.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return;
      }
    }
    edits.add(new Edit(start, start, "CAST("));
    edits.add(new Edit(end, end, " AS " + IcebergTypes.toDuck(column.type()) + ")"));
  }

  private static String word(String text, Token token) {
    return text.substring(token.start(), token.end()).toUpperCase(Locale.ROOT);
  }
}
