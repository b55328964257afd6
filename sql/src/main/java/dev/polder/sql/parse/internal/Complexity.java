package dev.polder.sql.parse.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.parse.ParserLimits;
import dev.polder.sql.parse.Token;
import dev.polder.sql.parse.Token.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses statements whose nesting could exhaust a native stack, and brackets that do not match.
 * Works on tokens alone, in one pass. One use per instance.
 */
public final class Complexity {
  private static final Set<String> CLAUSES =
      Set.of(
          "SELECT",
          "FROM",
          "WHERE",
          "GROUP",
          "HAVING",
          "ORDER",
          "LIMIT",
          "OFFSET",
          "QUALIFY",
          "WINDOW",
          "WHEN",
          "THEN",
          "ELSE",
          "ON",
          "USING",
          "VALUES",
          "SET",
          "UNION",
          "INTERSECT",
          "EXCEPT",
          "RETURNING");
  private static final Set<String> WORD_OPERATORS =
      Set.of(
          "IS", "IN", "LIKE", "ILIKE", "SIMILAR", "GLOB", "BETWEEN", "COLLATE", "ISNULL", "NOTNULL",
          "ESCAPE", "AT", "ARRAY");
  private static final Set<String> SET_OPERATIONS = Set.of("UNION", "INTERSECT", "EXCEPT");

  private static final int LONGEST_NAME = 10_000;

  /** Each summarises all columns of the one inside: twelve times as many expressions. */
  private static final int MOST_SUMMARIES = 4;

  /** DuckDB binds what is in a lambda twice, so that each level doubles the time. */
  private static final int MOST_LAMBDAS = 10;

  private static final Set<String> BEFORE_HEADS =
      Set.of("", "(", ";", "AS", "EXPLAIN", "ANALYZE", "DESCRIBE", "DESC", "SUMMARIZE", "FROM");

  /** Elements of a fixed array of arrays; DuckDB fails badly on sizes that memory cannot have. */
  private static final double MOST_ELEMENTS = 1e12;

  /** What is larger is no array's size, but perhaps a subscript. */
  private static final double LARGEST_ARRAY = 100_000;

  private final String text;
  private final ParserLimits limits;
  private final Deque<Level> levels = new ArrayDeque<>();
  private int joins;
  private int conditions;
  private int prefixes;
  private int summaries;
  private double elements = 1;
  private String previous = "";

  private static final class Level {
    final String closer;
    boolean inFrom;
    int chain;
    int lambdas;
    int lambdasInside;

    Level(String closer) {
      this.closer = closer;
    }
  }

  private Complexity(String text, ParserLimits limits) {
    this.text = text;
    this.limits = limits;
    levels.push(new Level(""));
  }

  /** Checks the tokens of one or several statements. */
  public static void check(String text, List<Token> tokens, ParserLimits limits) {
    Complexity complexity = new Complexity(text, limits);
    for (Token token : tokens) {
      complexity.read(token);
    }
    Level open = complexity.levels.getFirst();
    if (!open.closer.isEmpty() && !open.closer.equals("END")) {
      throw new PolderException(
          ErrorCode.SYNTAX_ERROR,
          "the statement ends too early: expected \"" + open.closer + "\"",
          text.length(),
          null);
    }
  }

  private void read(Token token) {
    checkName(token);
    arrays(token);
    String symbol =
        switch (token.kind()) {
          case WORD, OPERATOR, PUNCTUATION ->
              text.substring(token.start(), token.end()).toUpperCase(Locale.ROOT);
          case QUOTED, STRING, ESCAPE_STRING, DOLLAR_STRING, NUMBER, PARAMETER, END -> "";
        };
    switch (symbol) {
      case "(" -> open(token, ")");
      case "[" -> open(token, "]");
      case "{" -> open(token, "}");
      case "CASE" -> {
        if (!previous.equals(".")) {
          open(token, "END");
        }
      }
      case ")", "]", "}" -> close(token, symbol);
      case "END" -> {
        if (level().closer.equals("END") && !previous.equals(".")) {
          pop(token);
        }
      }
      case ";" -> {
        joins = 0;
        conditions = 0;
        summaries = 0;
      }
      default -> plain(token, symbol);
    }
    prefixes = symbol.equals("NOT") || token.kind() == Kind.OPERATOR ? prefixes + 1 : 0;
    limit(token, prefixes, limits.maxDepth(), "signs or NOTs in a row");
    previous = symbol;
  }

  // DuckDB compares an unknown name with those it knows, in time that grows with both lengths.
  private static void checkName(Token token) {
    boolean name = token.kind() == Kind.WORD || token.kind() == Kind.QUOTED;
    if (name && token.end() - token.start() > LONGEST_NAME) {
      throw new PolderException(
          ErrorCode.STATEMENT_TOO_COMPLEX,
          "a name in the statement is longer than " + LONGEST_NAME + " characters",
          token.start(),
          null);
    }
  }

  /** Multiplies the sizes of {@code [n][m]}, also of those within a type's brackets. */
  private void arrays(Token token) {
    boolean size = token.kind() == Kind.NUMBER && previous.equals("[");
    char first = text.charAt(token.start());
    if (size) {
      double written = sizeOf(text.substring(token.start(), token.end()));
      elements *= written <= LARGEST_ARRAY ? Math.max(1, written) : 1;
      if (elements > MOST_ELEMENTS) {
        throw new PolderException(
            ErrorCode.STATEMENT_TOO_COMPLEX,
            "arrays of so many elements do not fit into any memory",
            token.start(),
            null);
      }
    } else if (first != '[' && first != ']' && first != ')') {
      elements = 1;
    }
  }

  private static double sizeOf(String number) {
    try {
      return Double.parseDouble(number.replace("_", ""));
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  private void plain(Token token, String symbol) {
    Level level = level();
    if (symbol.equals(",")) {
      level.chain = 0;
      if (level.inFrom) {
        limit(token, ++joins, limits.maxJoins(), "joined tables");
      }
    } else if (symbol.equals("AND") || symbol.equals("OR")) {
      level.chain = 0;
      limit(token, ++conditions, limits.maxConditions(), "conditions");
    } else if (symbol.equals("JOIN") || SET_OPERATIONS.contains(symbol)) {
      level.chain = 0;
      limit(token, ++joins, limits.maxJoins(), "joined tables and set operations");
    } else if (CLAUSES.contains(symbol)) {
      level.chain = 0;
    } else if (symbol.equals("LAMBDA") || (symbol.equals("FOR") && level.closer.equals("]"))) {
      level.lambdas++;
      lambdas(token, level);
    } else if (symbol.equals("SUMMARIZE") && BEFORE_HEADS.contains(previous)) {
      limit(token, ++summaries, MOST_SUMMARIES, "SUMMARIZEs");
    } else if (token.kind() == Kind.OPERATOR
        || symbol.equals(".")
        || WORD_OPERATORS.contains(symbol)) {
      chain(token);
    }
    if (symbol.equals("FROM")) {
      level.inFrom = !previous.equals("DISTINCT");
    } else if (CLAUSES.contains(symbol) && !symbol.equals("ON") && !symbol.equals("USING")) {
      level.inFrom = false;
    }
  }

  private void chain(Token token) {
    limit(token, ++level().chain, limits.maxChain(), "operators in one expression");
  }

  private void open(Token token, String closer) {
    if (closer.equals("]")) {
      chain(token);
    }
    if (closer.equals(")") && (previous.equals("AS") || previous.equals("MATERIALIZED"))) {
      limit(token, ++joins, limits.maxJoins(), "common table expressions");
    }
    levels.push(new Level(closer));
    limit(token, levels.size() - 1, limits.maxDepth(), "levels of nesting");
  }

  private static int lambdas(Token token, Level level) {
    int depth = level.lambdas + level.lambdasInside;
    limit(token, depth, MOST_LAMBDAS, "lambdas or list comprehensions inside of each other");
    return depth;
  }

  private void pop(Token token) {
    int depth = lambdas(token, levels.pop());
    level().lambdasInside = Math.max(level().lambdasInside, depth);
  }

  private void close(Token token, String symbol) {
    while (level().closer.equals("END")) {
      pop(token);
    }
    if (!level().closer.equals(symbol)) {
      throw new PolderException(
          ErrorCode.SYNTAX_ERROR,
          "syntax error at \"" + symbol + "\": nothing is open that it closes",
          token.start(),
          null);
    }
    pop(token);
  }

  private Level level() {
    return levels.getFirst();
  }

  private static void limit(Token token, int count, int max, String what) {
    if (count > max) {
      throw new PolderException(
          ErrorCode.STATEMENT_TOO_COMPLEX,
          "the statement has more than " + max + " " + what + "; split it or simplify it",
          token.start(),
          null);
    }
  }
}
