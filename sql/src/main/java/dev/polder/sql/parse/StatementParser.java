package dev.polder.sql.parse;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.parse.internal.Complexity;
import dev.polder.sql.parse.internal.ConsistencyClause;
import dev.polder.sql.parse.internal.Cursor;
import dev.polder.sql.parse.internal.PositionalParameters;
import dev.polder.sql.parse.internal.StatementGrammar;
import dev.polder.sql.parse.internal.TimeTravel;
import dev.polder.sql.statement.Consistency;
import dev.polder.sql.statement.Merge;
import dev.polder.sql.statement.Query;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a request's text into statements, without any native call. A text beyond the limits, an
 * unknown statement and an unsupported one are refused by name. Immutable and thread-safe.
 */
public final class StatementParser {
  private final ParserLimits limits;

  public StatementParser(ParserLimits limits) {
    this.limits = limits;
  }

  /** The statements of a request that may hold several, with semicolons between them. */
  public List<Statement> parse(String request) {
    List<Statement> statements = new ArrayList<>();
    for (SqlText text : split(request)) {
      statements.add(statement(text));
    }
    return List.copyOf(statements);
  }

  /** The only statement of a request. */
  public Statement parseOne(String request) {
    List<SqlText> texts = split(request);
    if (texts.size() > 1) {
      throw new PolderException(
          ErrorCode.MULTIPLE_STATEMENTS,
          "the request holds " + texts.size() + " statements; send one at a time",
          texts.get(1).position(0),
          null);
    }
    if (texts.isEmpty()) {
      throw new PolderException(ErrorCode.SYNTAX_ERROR, "the request holds no statement", 0, null);
    }
    return statement(texts.getFirst());
  }

  /** The texts of a request's statements, without the semicolons and without empty ones. */
  public List<SqlText> split(String request) {
    if (request.length() > limits.maxLength()) {
      throw new PolderException(
          ErrorCode.STATEMENT_TOO_LARGE,
          "the statement has %,d characters; at most %,d are allowed"
              .formatted(request.length(), limits.maxLength()));
    }
    List<Token> tokens = Lexer.tokens(request);
    Complexity.check(request, tokens, limits);
    SqlText whole = SqlText.of(withPlainBlanks(request, tokens));
    List<SqlText> texts = new ArrayList<>();
    int first = 0;
    for (int i = 0; i <= tokens.size(); i++) {
      boolean ends =
          i == tokens.size()
              || (tokens.get(i).length() == 1 && request.charAt(tokens.get(i).start()) == ';');
      if (ends) {
        if (i > first) {
          texts.add(whole.slice(tokens.get(first).start(), tokens.get(i - 1).end()));
        }
        first = i + 1;
      }
    }
    return List.copyOf(texts);
  }

  /**
   * DuckDB shrinks Unicode blanks to one byte and then counts its locations; replacing them
   * beforehand, one for one, keeps all positions true.
   */
  private static String withPlainBlanks(String request, List<Token> tokens) {
    char[] characters = request.toCharArray();
    boolean changed = false;
    int gap = 0;
    for (int i = 0; i <= tokens.size(); i++) {
      int gapEnd = i < tokens.size() ? tokens.get(i).start() : characters.length;
      for (int at = gap; at < gapEnd; at++) {
        if (characters[at] > 127) {
          characters[at] = ' ';
          changed = true;
        }
      }
      gap = i < tokens.size() ? tokens.get(i).end() : gapEnd;
    }
    return changed ? new String(characters) : request;
  }

  private static Statement statement(SqlText written) {
    List<Token> tokens = Lexer.tokens(written.toString());
    ConsistencyClause clause = ConsistencyClause.of(written, tokens);
    if (clause.consistency().isPresent()) {
      return consistent(statement(clause.text()), clause.consistency().get(), written.position(0));
    }
    SqlText text = TimeTravel.rewrite(written, tokens);
    List<Token> rewritten = text.equals(written) ? tokens : Lexer.tokens(text.toString());
    Statement statement = statement(text, rewritten);
    if (!(statement instanceof Merge)) {
      return statement;
    }
    // The query behind a MERGE has its parts in another order, and some of them twice.
    SqlText numbered = PositionalParameters.numbered(text, rewritten);
    return numbered.equals(text)
        ? statement
        : statement(numbered, Lexer.tokens(numbered.toString()));
  }

  private static Statement consistent(Statement statement, Consistency consistency, int position) {
    if (statement instanceof Query(var text, var _)) {
      return new Query(text, consistency);
    }
    throw new PolderException(
        ErrorCode.SYNTAX_ERROR, "only queries can say a CONSISTENCY", position, null);
  }

  private static Statement statement(SqlText text, List<Token> tokens) {
    boolean secret = StatementGrammar.maySpellSecret(text.toString());
    return new StatementGrammar(new Cursor(text, tokens, secret)).statement();
  }
}
