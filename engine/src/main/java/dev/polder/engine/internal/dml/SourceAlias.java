package dev.polder.engine.internal.dml;

import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import dev.polder.sql.statement.Identifiers;
import java.util.List;

/** The name under which a table expression's columns are known. Stateless. */
final class SourceAlias {
  private SourceAlias() {}

  /**
   * The alias of {@code t}, {@code s.t AS x}, {@code (SELECT …) x (a, b)} or {@code f(…) x},
   * quoted.
   */
  static String of(String source) {
    List<Token> tokens = Lexer.tokens(source);
    int at = 0;
    String name = "";
    if (is(source, tokens, 0, "(")) {
      at = close(source, tokens, 0);
    } else {
      name = text(source, tokens.getFirst());
      at = 1;
      while (is(source, tokens, at, ".")) {
        name = text(source, tokens.get(at + 1));
        at += 2;
      }
      if (is(source, tokens, at, "(")) {
        at = close(source, tokens, at);
      }
    }
    if (is(source, tokens, at, "AT") && is(source, tokens, at + 1, "(")) {
      at = close(source, tokens, at + 1);
    }
    if (is(source, tokens, at, "AS")) {
      at++;
    }
    boolean aliased =
        at < tokens.size()
            && (tokens.get(at).kind() == Token.Kind.WORD
                || tokens.get(at).kind() == Token.Kind.QUOTED);
    return Identifiers.quote(aliased ? text(source, tokens.get(at)) : name);
  }

  private static boolean is(String source, List<Token> tokens, int at, String word) {
    return at < tokens.size()
        && tokens.get(at).kind() != Token.Kind.QUOTED
        && source.substring(tokens.get(at).start(), tokens.get(at).end()).equalsIgnoreCase(word);
  }

  /** The place after the parenthesis that closes the one at a place. */
  private static int close(String source, List<Token> tokens, int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      if (is(source, tokens, i, "(")) {
        depth++;
      } else if (is(source, tokens, i, ")") && --depth == 0) {
        return i + 1;
      }
    }
    return tokens.size();
  }

  private static String text(String source, Token token) {
    String written = source.substring(token.start(), token.end());
    return token.kind() == Token.Kind.QUOTED
        ? written.substring(1, written.length() - 1).replace("\"\"", "\"")
        : written;
  }
}
