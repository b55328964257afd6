package dev.polder.engine.internal.dml;

import dev.polder.sql.bind.Literals;
import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.SqlText.Edit;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.types.Types;

/** The word DEFAULT among the expressions of VALUES. Stateless. */
final class Defaults {
  private Defaults() {}

  /** The text with each column's default in the word's place. */
  static SqlText filled(SqlText values, List<Types.NestedField> columns) {
    String text = values.toString();
    List<Edit> edits = new ArrayList<>();
    int depth = 0;
    int column = 0;
    for (Token token : Lexer.tokens(text)) {
      String word = text.substring(token.start(), token.end());
      switch (word) {
        case "(", "[", "{" -> {
          depth++;
          column = depth == 1 ? 0 : column;
        }
        case ")", "]", "}" -> depth--;
        case "," -> column += depth == 1 ? 1 : 0;
        default -> {
          boolean isDefault =
              depth == 1
                  && token.kind() == Token.Kind.WORD
                  && word.equalsIgnoreCase("DEFAULT")
                  && column < columns.size();
          if (isDefault) {
            Types.NestedField field = columns.get(column);
            edits.add(
                new Edit(
                    token.start(), token.end(), Literals.sql(field.writeDefault(), field.type())));
          }
        }
      }
    }
    return values.edited(edits);
  }
}
