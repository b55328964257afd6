package dev.polder.sql.authorise;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.SqlText.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The expression of a row filter or mask, and where its outermost subqueries stand in it.
 * Immutable.
 */
public record PolicyText(String text, List<Subquery> subqueries) {
  public PolicyText {
    subqueries = List.copyOf(subqueries);
  }

  /** How the expression around a subquery uses it. */
  public enum Use {
    /** {@code x IN (…)}. */
    LIST,
    /** {@code EXISTS (…)}. */
    EXISTS,
    /** One value. */
    VALUE,
    /** {@code ANY}, {@code ALL}, {@code ARRAY}. */
    OTHER
  }

  /**
   * One subquery.
   *
   * @param start where it begins, with its parenthesis; with the word itself for EXISTS
   * @param query the text between the parentheses
   */
  public record Subquery(int start, int end, Use use, String query) {}

  /** Finds the subqueries of an expression. */
  public static PolicyText of(String text) {
    List<Token> tokens = Lexer.tokens(text);
    List<Subquery> found = new ArrayList<>();
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).text().equals("(") && startsQuery(tokens.get(i + 1))) {
        int close = closing(tokens, i);
        Use use = i == 0 ? Use.VALUE : use(tokens.get(i - 1));
        found.add(
            new Subquery(
                tokens.get(use == Use.EXISTS ? i - 1 : i).start(),
                tokens.get(close).end(),
                use,
                text.substring(tokens.get(i).end(), tokens.get(close).start()).strip()));
        i = close;
      }
    }
    return new PolicyText(text, found);
  }

  private static boolean startsQuery(Token token) {
    return token.kind() == Token.Kind.WORD
        && switch (token.text().toUpperCase(Locale.ROOT)) {
          case "SELECT", "WITH", "FROM", "VALUES", "TABLE" -> true;
          default -> false;
        };
  }

  private static Use use(Token before) {
    return switch (before.kind() == Token.Kind.WORD ? before.text().toUpperCase(Locale.ROOT) : "") {
      case "IN" -> Use.LIST;
      case "EXISTS" -> Use.EXISTS;
      case "ANY", "SOME", "ALL", "ARRAY" -> Use.OTHER;
      default -> Use.VALUE;
    };
  }

  private static int closing(List<Token> tokens, int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      String text = tokens.get(i).text();
      depth += text.equals("(") ? 1 : text.equals(")") ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    throw new PolderException(ErrorCode.SYNTAX_ERROR, "a parenthesis of the policy is not closed");
  }

  /** The expression with something else in the place of each subquery. */
  public String with(Function<Subquery, String> replacement) {
    List<Edit> edits =
        subqueries.stream()
            .map(each -> new Edit(each.start(), each.end(), replacement.apply(each)))
            .toList();
    return SqlText.of(text).edited(edits).toString();
  }
}
