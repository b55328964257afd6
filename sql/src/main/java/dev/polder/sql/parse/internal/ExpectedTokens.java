package dev.polder.sql.parse.internal;

import dev.polder.model.NearestName;
import dev.polder.sql.parse.internal.admin.AdminParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.jspecify.annotations.Nullable;

/**
 * What the admin grammar would have read where it failed. The parser itself cannot tell: it decides
 * between whole statements at their first word. So each token is tried there. Stateless.
 */
final class ExpectedTokens {
  /** More words would be read more slowly than a mistake is worth. */
  private static final int LONGEST_START = 200;

  private static final int MOST_NAMED = 6;

  /** How tokens that are no words are called. */
  private static final Map<Integer, String> KINDS =
      Map.of(
          AdminParser.STRING, "a text in single quotes",
          AdminParser.NUMBER, "a number",
          AdminParser.LEFT_PAREN, "(",
          AdminParser.RIGHT_PAREN, ")",
          AdminParser.COMMA, "a comma",
          AdminParser.DOT, "a dot",
          AdminParser.EQUALS, "=");

  private ExpectedTokens() {}

  /**
   * In words.
   *
   * @param failed the index of the token that the grammar did not expect
   * @param found its text
   */
  static String at(Cursor cursor, int failed, String found) {
    if (failed > LONGEST_START) {
      return "something else here";
    }
    if (accepts(cursor, failed, AdminParser.OTHER) && accepts(cursor, failed, AdminParser.COMMA)) {
      return "an expression";
    }
    IntervalSet names = names();
    List<String> words = new ArrayList<>();
    List<String> others = new ArrayList<>();
    boolean name = accepts(cursor, failed, AdminParser.WORD);
    for (int type = 1; type <= AdminParser.VOCABULARY.getMaxTokenType(); type++) {
      boolean covered = name && (names.contains(type) || type == AdminParser.QUOTED);
      if (!covered && type != AdminParser.WORD && accepts(cursor, failed, type)) {
        if (KINDS.containsKey(type)) {
          others.add(KINDS.get(type));
        } else if (type >= AdminParser.ADD) {
          words.add(AdminParser.VOCABULARY.getSymbolicName(type));
        }
      }
    }
    if (name) {
      others.addFirst("a name");
    }
    if (accepts(cursor, failed, Token.EOF)) {
      others.add("the statement's end");
    }
    List<String> named =
        new ArrayList<>(NearestName.to(found.toUpperCase(Locale.ROOT), words, MOST_NAMED));
    boolean more = named.size() < words.size();
    named.addAll(others);
    return joined(named, more);
  }

  /** The words that can be names as well. */
  private static IntervalSet names() {
    return AdminParser._ATN.nextTokens(AdminParser._ATN.ruleToStartState[AdminParser.RULE_name]);
  }

  private static String joined(List<String> named, boolean more) {
    if (named.isEmpty()) {
      return "something else here";
    }
    if (more) {
      return String.join(", ", named) + " or another word";
    }
    return named.size() == 1
        ? named.getFirst()
        : String.join(", ", named.subList(0, named.size() - 1)) + " or " + named.getLast();
  }

  /** Whether the grammar goes on after the token. */
  private static boolean accepts(Cursor cursor, int at, int type) {
    Failure failure = new Failure(at);
    AdminParser parser =
        new AdminParser(new CommonTokenStream(AdminTokens.startOf(cursor, at, type)));
    parser.removeErrorListeners();
    parser.addErrorListener(failure);
    try {
      parser.statement();
    } catch (ParseCancellationException e) {
      return failure.later;
    }
    return true;
  }

  /** Ends the parse at its first error and knows whether that is after the token that is tried. */
  private static final class Failure extends BaseErrorListener {
    private final int tried;
    private boolean later;

    Failure(int tried) {
      this.tried = tried;
    }

    @Override
    public void syntaxError(
        Recognizer<?, ?> recognizer,
        @Nullable Object offendingSymbol,
        int line,
        int column,
        String message,
        @Nullable RecognitionException e) {
      later = offendingSymbol instanceof Token token && token.getStartIndex() > tried;
      throw new ParseCancellationException();
    }
  }
}
