package dev.polder.engine.internal.dml;

import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import dev.polder.sql.statement.SqlText;
import java.util.List;

/** Finds out whether a query orders its result. Stateless. */
final class TopLevelOrder {
  private TopLevelOrder() {}

  /** Whether an ORDER BY stands outside of all brackets. */
  static boolean of(SqlText query) {
    List<Token> tokens = Lexer.tokens(query.toString());
    int depth = 0;
    for (int i = 0; i + 1 < tokens.size(); i++) {
      switch (tokens.get(i).text()) {
        case "(", "[", "{" -> depth++;
        case ")", "]", "}" -> depth--;
        default -> {
          if (depth == 0
              && tokens.get(i).text().equalsIgnoreCase("ORDER")
              && tokens.get(i + 1).text().equalsIgnoreCase("BY")) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
