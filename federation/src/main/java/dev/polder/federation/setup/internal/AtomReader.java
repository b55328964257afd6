package dev.polder.federation.setup.internal;

import dev.polder.federation.setup.internal.Atom.Kind;
import dev.polder.federation.setup.internal.Atom.Part;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads set-up SQL into its statements' tokens, as DuckDB would split it, and finds the
 * placeholders in them. Comments are left out. Used once.
 */
public final class AtomReader {
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{\\{(?:alias|secret\\.([A-Za-z0-9_]+))\\}\\}");

  /** As much of a malformed placeholder as is surely no more than that. */
  private static final Pattern LEFTOVER = Pattern.compile("\\{\\{[A-Za-z0-9_.\\- ]{0,64}\\}{0,2}");

  private final String alias;
  private final String text;
  private final List<List<Atom>> statements = new ArrayList<>();
  private List<Atom> current = new ArrayList<>();

  private AtomReader(String alias, String text) {
    this.alias = alias;
    this.text = text;
  }

  /** The statements that are not empty. */
  public static List<List<Atom>> statements(String alias, String text) {
    return new AtomReader(alias, text).read();
  }

  private List<List<Atom>> read() {
    List<Token> tokens = Lexer.tokens(text);
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.text().equals(";")) {
        end();
      } else if (isBraces(tokens, i)) {
        i = placeholder(tokens, i);
      } else {
        add(atom(token));
      }
    }
    end();
    return statements;
  }

  private void end() {
    if (!current.isEmpty()) {
      statements.add(current);
      current = new ArrayList<>();
    }
  }

  private static boolean isBraces(List<Token> tokens, int i) {
    return tokens.get(i).text().equals("{")
        && i + 1 < tokens.size()
        && tokens.get(i + 1).text().equals("{")
        && tokens.get(i + 1).start() == tokens.get(i).end();
  }

  /** Adds a placeholder outside of quotes, and tells its last token. */
  private int placeholder(List<Token> tokens, int first) {
    int start = tokens.get(first).start();
    Matcher matcher = PLACEHOLDER.matcher(text).region(start, text.length());
    if (!matcher.lookingAt()) {
      throw leftover(text, start);
    }
    add(new Atom(Kind.WORD, List.of(part(matcher)), start, matcher.end()));
    int last = first;
    while (tokens.get(last).end() < matcher.end()) {
      last++;
    }
    return last;
  }

  private static Part part(Matcher placeholder) {
    String secret = placeholder.group(1);
    return secret == null ? new Part.Alias() : new Part.Secret(secret);
  }

  /** Adds a token; one that touches a placeholder outside of quotes is one word with it. */
  private void add(Atom atom) {
    Atom before = current.isEmpty() ? null : current.getLast();
    if (before != null && before.end() == atom.start() && joins(before, atom)) {
      List<Part> parts = new ArrayList<>(before.parts());
      parts.addAll(atom.parts());
      current.set(current.size() - 1, new Atom(Kind.WORD, parts, before.start(), atom.end()));
    } else {
      current.add(atom);
    }
  }

  private static boolean joins(Atom before, Atom atom) {
    return (isBarePlaceholder(before) && (atom.kind() == Kind.WORD || atom.kind() == Kind.NUMBER))
        || (isBarePlaceholder(atom)
            && (before.kind() == Kind.WORD || before.kind() == Kind.NUMBER));
  }

  private static boolean isBarePlaceholder(Atom atom) {
    return atom.kind() == Kind.WORD && atom.hasPlaceholders();
  }

  private Atom atom(Token token) {
    return switch (token.kind()) {
      case WORD -> Atom.plain(Kind.WORD, token.text(), token.start(), token.end());
      case NUMBER -> Atom.plain(Kind.NUMBER, token.text(), token.start(), token.end());
      case QUOTED -> quoted(Kind.QUOTED, token);
      case STRING, DOLLAR_STRING -> quoted(Kind.STRING, token);
      case ESCAPE_STRING ->
          throw SetupFailures.refused(
              alias,
              statements.size() + 1,
              "E'…' is not supported: write the text in plain quotes");
      case OPERATOR, PUNCTUATION, PARAMETER, END ->
          Atom.plain(Kind.SYMBOL, token.text(), token.start(), token.end());
    };
  }

  private Atom quoted(Kind kind, Token token) {
    String content = token.value();
    List<Part> parts = new ArrayList<>();
    int from = 0;
    Matcher matcher = PLACEHOLDER.matcher(content);
    for (int at = content.indexOf("{{"); at >= 0; at = content.indexOf("{{", from)) {
      if (!matcher.region(at, content.length()).lookingAt()) {
        throw leftover(content, at);
      }
      if (at > from) {
        parts.add(new Part.Text(content.substring(from, at)));
      }
      parts.add(part(matcher));
      from = matcher.end();
    }
    if (from < content.length() || parts.isEmpty()) {
      parts.add(new Part.Text(content.substring(from)));
    }
    return new Atom(kind, parts, token.start(), token.end());
  }

  private PolderException leftover(String content, int at) {
    Matcher matcher = LEFTOVER.matcher(content).region(at, content.length());
    String shown = matcher.lookingAt() ? matcher.group() : "{{";
    return new PolderException(
        ErrorCode.INVALID_PARAMETER,
        "unsubstituted placeholder in source '" + alias + "': " + shown.strip());
  }
}
