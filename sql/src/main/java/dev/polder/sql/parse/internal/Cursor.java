package dev.polder.sql.parse.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import dev.polder.sql.parse.Token.Kind;
import dev.polder.sql.statement.ObjectName;
import dev.polder.sql.statement.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/** Reads a statement's tokens from left to right. Not thread-safe. */
public final class Cursor {
  private final SqlText text;
  private final String source;
  private final List<Token> tokens;
  private final Token end;
  private final boolean secret;
  private int at;

  /**
   * @param secret whether the statement may hold a password, so that messages must not quote it
   */
  public Cursor(SqlText text, List<Token> tokens, boolean secret) {
    this.text = text;
    this.source = text.toString();
    this.tokens = tokens;
    this.end = new Token(Kind.END, source.length(), source.length(), source);
    this.secret = secret;
  }

  public SqlText text() {
    return text;
  }

  public Token token(int ahead) {
    int index = at + ahead;
    return index >= 0 && index < tokens.size() ? tokens.get(index) : end;
  }

  public int index() {
    return at;
  }

  public void moveTo(int index) {
    at = index;
  }

  public boolean atEnd() {
    return at >= tokens.size();
  }

  public String raw(Token token) {
    return source.substring(token.start(), token.end());
  }

  /** Whether the token is this unquoted word or this operator or punctuation. */
  public boolean is(int ahead, String expected) {
    Token token = token(ahead);
    return switch (token.kind()) {
      case WORD, OPERATOR, PUNCTUATION ->
          token.length() == expected.length()
              && source.regionMatches(true, token.start(), expected, 0, expected.length());
      case QUOTED, STRING, ESCAPE_STRING, DOLLAR_STRING, NUMBER, PARAMETER, END -> false;
    };
  }

  /** Whether the next tokens are these. */
  public boolean at(String... expected) {
    for (int i = 0; i < expected.length; i++) {
      if (!is(i, expected[i])) {
        return false;
      }
    }
    return true;
  }

  /** The next word in upper case; empty when the next token is no unquoted word. */
  public String word(int ahead) {
    Token token = token(ahead);
    return token.kind() == Kind.WORD ? raw(token).toUpperCase(Locale.ROOT) : "";
  }

  public Token next() {
    Token token = token(0);
    at++;
    return token;
  }

  public boolean accept(String... expected) {
    if (!at(expected)) {
      return false;
    }
    at += expected.length;
    return true;
  }

  public void expect(String... expected) {
    for (String word : expected) {
      if (!accept(word)) {
        throw unexpected(word);
      }
    }
  }

  public void expectEnd() {
    if (!atEnd()) {
      throw unexpected("the statement's end");
    }
  }

  /** An error about the next token. */
  public PolderException unexpected(String expected) {
    Token token = token(0);
    String found;
    if (token.kind() == Kind.END) {
      found = "the statement ends too early";
    } else if (token.isString() || secret) {
      found = "syntax error";
    } else {
      String raw = raw(token);
      found = "syntax error at \"" + (raw.length() > 60 ? raw.substring(0, 60) + "…" : raw) + "\"";
    }
    return error(ErrorCode.SYNTAX_ERROR, found + ": expected " + expected, token.start());
  }

  public PolderException notSupported(String what) {
    return error(ErrorCode.NOT_SUPPORTED, what, token(0).start());
  }

  public PolderException error(ErrorCode code, String message, int offset) {
    return new PolderException(code, message, text.position(offset), null);
  }

  /** A name: a word or a quoted name. */
  public String name(String what) {
    Token token = token(0);
    String name =
        switch (token.kind()) {
          case WORD -> raw(token);
          case QUOTED -> token.value();
          case STRING,
              ESCAPE_STRING,
              DOLLAR_STRING,
              NUMBER,
              PARAMETER,
              OPERATOR,
              PUNCTUATION,
              END ->
              throw unexpected(what);
        };
    if (name.isEmpty()) {
      throw unexpected(what);
    }
    at++;
    return name;
  }

  public boolean atName() {
    Kind kind = token(0).kind();
    return kind == Kind.WORD || kind == Kind.QUOTED;
  }

  /** One to three names with dots between them. */
  public ObjectName objectName(String what) {
    int start = token(0).start();
    List<String> parts = path(what);
    if (parts.size() > 3) {
      throw error(ErrorCode.SYNTAX_ERROR, "a name has at most three parts", start);
    }
    return new ObjectName(parts);
  }

  /** Names with dots between them. */
  public List<String> path(String what) {
    List<String> parts = new ArrayList<>();
    do {
      parts.add(name(what));
    } while (accept("."));
    return parts;
  }

  /** {@code (name, …)}. */
  public List<String> nameList(String what) {
    expect("(");
    List<String> names = new ArrayList<>();
    do {
      names.add(name(what));
    } while (accept(","));
    expect(")");
    return names;
  }

  /** The content of a string literal. */
  public String string(String what) {
    Token token = token(0);
    String value =
        switch (token.kind()) {
          case STRING, DOLLAR_STRING -> token.value();
          case ESCAPE_STRING ->
              throw error(
                  ErrorCode.NOT_SUPPORTED,
                  "write this text without backslash escapes",
                  token.start());
          case WORD, QUOTED, NUMBER, PARAMETER, OPERATOR, PUNCTUATION, END ->
              throw unexpected(what);
        };
    at++;
    return value;
  }

  public int integer(String what) {
    Token token = token(0);
    if (token.kind() == Kind.NUMBER) {
      try {
        int value = Integer.parseInt(raw(token));
        at++;
        return value;
      } catch (NumberFormatException e) {
        throw error(ErrorCode.SYNTAX_ERROR, "expected " + what, token.start());
      }
    }
    throw unexpected(what);
  }

  /**
   * The text from the token at {@code from} to before the one at {@code to}, without blanks around.
   */
  public SqlText slice(int from, int to) {
    if (from >= to) {
      int start = from < tokens.size() ? tokens.get(from).start() : source.length();
      return text.slice(start, start);
    }
    return text.slice(tokens.get(from).start(), tokens.get(to - 1).end());
  }

  public SqlText sliceFrom(int from) {
    return slice(from, at);
  }

  /** The rest of the statement. */
  public SqlText rest() {
    int from = at;
    at = tokens.size();
    return slice(from, at);
  }

  /** A cursor over the rest of the statement, as if it were the whole. */
  public Cursor sub() {
    SqlText rest = rest();
    return new Cursor(rest, Lexer.tokens(rest.toString()), secret);
  }

  List<Token> tokens() {
    return tokens;
  }

  boolean secret() {
    return secret;
  }

  /** Moves past a bracket and all up to the one that closes it. */
  public void skipBrackets() {
    int depth = 0;
    do {
      if (opens(0)) {
        depth++;
      } else if (closes(0)) {
        depth--;
      } else if (atEnd()) {
        throw unexpected("a closing bracket");
      }
      at++;
    } while (depth > 0);
  }

  /**
   * Moves to the next of these words, or a comma, outside brackets and CASE; or to the bracket that
   * closes the present one; or to the end. {@code IS DISTINCT FROM} is no FROM.
   *
   * @return the text passed over, which is not empty
   */
  public SqlText until(String what, Set<String> words) {
    int from = at;
    int cases = 0;
    while (!atEnd() && !closes(0)) {
      if (opens(0)) {
        skipBrackets();
        continue;
      }
      String word = is(0, ",") ? "," : word(0);
      if (cases == 0 && words.contains(word) && !isDistinctFrom(word)) {
        break;
      }
      if (word.equals("CASE")) {
        cases++;
      } else if (word.equals("END") && cases > 0) {
        cases--;
      }
      at++;
    }
    if (from == at) {
      throw unexpected(what);
    }
    return sliceFrom(from);
  }

  private boolean isDistinctFrom(String word) {
    return word.equals("FROM")
        && word(-1).equals("DISTINCT")
        && (word(-2).equals("IS") || word(-2).equals("NOT"));
  }

  private boolean opens(int ahead) {
    return is(ahead, "(") || is(ahead, "[") || is(ahead, "{");
  }

  private boolean closes(int ahead) {
    return is(ahead, ")") || is(ahead, "]") || is(ahead, "}");
  }

  /** Where one of these words stands next outside brackets, if it does. */
  public OptionalInt find(Set<String> words) {
    int from = at;
    int found = -1;
    while (!atEnd() && found < 0) {
      if (opens(0)) {
        skipBrackets();
      } else if (words.contains(word(0))) {
        found = at;
      } else {
        at++;
      }
    }
    at = from;
    return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
  }
}
