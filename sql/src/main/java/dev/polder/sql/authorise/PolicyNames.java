package dev.polder.sql.authorise;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses names in policies that look like the asker's but are not: DuckDB reads them as a column
 * where there is one, and otherwise as its own user. Stateless.
 */
final class PolicyNames {
  private PolicyNames() {}

  static void check(String expression, Set<String> columns) {
    List<Token> tokens = Lexer.tokens(expression);
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      boolean qualified = i > 0 && tokens.get(i - 1).text().equals(".");
      boolean qualifier = i + 1 < tokens.size() && tokens.get(i + 1).text().equals(".");
      if (!qualified && !qualifier && isDoubtful(token, columns)) {
        throw new PolderException(
            ErrorCode.NOT_SUPPORTED,
            token.text()
                + " in a row filter or mask does not mean who asks: write current_user without"
                + " quotes; a column of that name is written in quotes, inside a subquery also"
                + " with its table's name before it");
      }
    }
  }

  private static boolean isDoubtful(Token token, Set<String> columns) {
    String name = token.value().toLowerCase(Locale.ROOT);
    return switch (token.kind()) {
      case WORD -> isSessionName(name);
      case QUOTED ->
          (isSessionName(name) || name.equals("current_user")) && !columns.contains(name);
      case STRING, ESCAPE_STRING, DOLLAR_STRING, NUMBER, PARAMETER, OPERATOR, PUNCTUATION, END ->
          false;
    };
  }

  private static boolean isSessionName(String name) {
    return switch (name) {
      case "session_user", "user", "current_role" -> true;
      default -> false;
    };
  }
}
