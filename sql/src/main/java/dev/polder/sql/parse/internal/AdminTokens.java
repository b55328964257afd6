package dev.polder.sql.parse.internal;

import dev.polder.sql.parse.Token;
import dev.polder.sql.parse.internal.admin.AdminParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.ListTokenSource;

/** Gives the statement's tokens the types that the admin grammar knows. */
final class AdminTokens {
  private static final Map<String, Integer> KEYWORDS = keywords();

  private AdminTokens() {}

  private static Map<String, Integer> keywords() {
    Map<String, Integer> keywords = new HashMap<>();
    for (int type = AdminParser.ADD; type <= AdminParser.VOCABULARY.getMaxTokenType(); type++) {
      keywords.put(AdminParser.VOCABULARY.getSymbolicName(type), type);
    }
    return Map.copyOf(keywords);
  }

  static ListTokenSource of(Cursor cursor) {
    List<CommonToken> result = new ArrayList<>();
    List<Token> tokens = cursor.tokens();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      result.add(token(i, type(token, cursor.raw(token)), cursor.raw(token)));
    }
    result.add(token(tokens.size(), org.antlr.v4.runtime.Token.EOF, "<EOF>"));
    return new ListTokenSource(result);
  }

  /** As far as an index, then a token of that type, then the end. */
  static ListTokenSource startOf(Cursor cursor, int end, int type) {
    List<CommonToken> result = new ArrayList<>();
    List<Token> tokens = cursor.tokens();
    for (int i = 0; i < end; i++) {
      String raw = cursor.raw(tokens.get(i));
      result.add(token(i, type(tokens.get(i), raw), raw));
    }
    result.add(token(end, type, ""));
    if (type != org.antlr.v4.runtime.Token.EOF) {
      result.add(token(end + 1, org.antlr.v4.runtime.Token.EOF, "<EOF>"));
    }
    return new ListTokenSource(result);
  }

  /** Positions are the indexes of our tokens, so that a tree node names a range of them. */
  private static CommonToken token(int index, int type, String text) {
    CommonToken token = new CommonToken(type, text);
    token.setStartIndex(index);
    token.setStopIndex(index);
    return token;
  }

  private static int type(Token token, String raw) {
    return switch (token.kind()) {
      case WORD -> KEYWORDS.getOrDefault(raw.toUpperCase(Locale.ROOT), AdminParser.WORD);
      case QUOTED -> AdminParser.QUOTED;
      case STRING, ESCAPE_STRING, DOLLAR_STRING -> AdminParser.STRING;
      case NUMBER -> AdminParser.NUMBER;
      case PARAMETER, END -> AdminParser.OTHER;
      case OPERATOR, PUNCTUATION ->
          switch (raw) {
            case "(" -> AdminParser.LEFT_PAREN;
            case ")" -> AdminParser.RIGHT_PAREN;
            case "," -> AdminParser.COMMA;
            case "." -> AdminParser.DOT;
            case "=" -> AdminParser.EQUALS;
            case "+", "-" -> AdminParser.SIGN;
            default -> AdminParser.OTHER;
          };
    };
  }
}
