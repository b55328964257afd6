package dev.polder.sql.analyse;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.analyse.internal.Locations;
import dev.polder.sql.analyse.internal.PivotHeads;
import dev.polder.sql.analyse.internal.QueryWalk;
import dev.polder.sql.parse.SelectParser;
import dev.polder.sql.statement.SqlText;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a query refers to, in DuckDB's own syntax tree of it. What the tree's serialiser
 * refuses (PIVOT with columns found at run time) is first turned into a SELECT over the same source
 * and expressions, so that nothing of it escapes. Thread-safe.
 */
public final class QueryAnalyzer {
  private static final int MAX_CACHED_TEXT = 64 << 10;
  private static final int MAX_CACHED = 2_000;

  private final SelectParser parser;
  private final Cache<String, Analysis> known =
      Caffeine.newBuilder().maximumSize(MAX_CACHED).build();

  public QueryAnalyzer(SelectParser parser) {
    this.parser = parser;
  }

  /**
   * The analysis of one query; its spans are offsets of {@code query}.
   *
   * @throws PolderException with the position in the user's text where the syntax is wrong; or when
   *     the tree holds anything unknown
   */
  public Analysis analyze(SqlText query) {
    String text = query.toString();
    if (text.length() > MAX_CACHED_TEXT) {
      return analyzeAnew(query);
    }
    Analysis analysis = known.getIfPresent(text);
    if (analysis == null) {
      analysis = analyzeAnew(query);
      known.put(text, analysis);
    }
    return analysis;
  }

  /**
   * DuckDB's tree of one query that {@link #analyze} accepted, whose locations are of this text;
   * empty for a form that the serialiser does not know.
   */
  public Optional<JsonNode> tree(SqlText query) {
    return parse(SqlText.of(query.toString()), query)
        .map(answer -> answer.path("statements"))
        .filter(statements -> statements.size() == 1)
        .map(statements -> statements.get(0));
  }

  private Analysis analyzeAnew(SqlText query) {
    SqlText own = SqlText.of(query.toString());
    Optional<JsonNode> tree = parse(own, query);
    if (tree.isEmpty()) {
      SqlText pivoted = PivotHeads.toSelect(own);
      if (!pivoted.equals(own)) {
        own = pivoted;
        tree = parse(own, query);
      }
    }
    JsonNode statements = tree.orElseThrow(() -> notSupported(query)).path("statements");
    if (statements.isEmpty()) {
      // DuckDB answers with nothing at all where its message would cut a character in two.
      throw syntaxError("the query cannot be parsed", query, 0);
    }
    if (statements.size() != 1) {
      throw new PolderException(
          ErrorCode.MULTIPLE_STATEMENTS,
          "expected one query but found " + statements.size(),
          query.position(0),
          null);
    }
    return QueryWalk.analyze(statements.get(0), new Locations(own, query), query);
  }

  /** The tree; empty when the serialiser does not know this form of query. */
  private Optional<JsonNode> parse(SqlText own, SqlText query) {
    JsonNode answer;
    try {
      answer = parser.parse(own.toString());
    } catch (PolderException e) {
      if (e.code() == ErrorCode.NOT_SUPPORTED) {
        return Optional.empty();
      }
      if (e.code() == ErrorCode.SYNTAX_ERROR && e.position().isPresent()) {
        int offset = Math.min(own.length(), e.position().getAsInt());
        throw syntaxError(e.getMessage(), query, own.position(offset));
      }
      throw e;
    }
    if (!answer.path("error").asBoolean()) {
      return Optional.of(answer);
    }
    if (answer.path("error_type").asText().equals("not implemented")) {
      return Optional.empty();
    }
    JsonNode position = answer.path("position");
    int offset =
        position.isMissingNode() ? -1 : new Locations(own, query).offset(position.asLong());
    throw syntaxError(answer.path("error_message").asText("syntax error"), query, offset);
  }

  private static PolderException syntaxError(@Nullable String message, SqlText query, int offset) {
    int position = offset < 0 ? -1 : query.position(Math.min(query.length(), offset));
    return new PolderException(
        ErrorCode.SYNTAX_ERROR,
        Objects.requireNonNullElse(message, "syntax error"),
        position,
        null);
  }

  private static PolderException notSupported(SqlText query) {
    return new PolderException(
        ErrorCode.NOT_SUPPORTED,
        "this form of query is not supported: only SELECT, WITH, VALUES, FROM, TABLE, DESCRIBE,"
            + " SUMMARIZE, PIVOT and UNPIVOT are",
        query.position(0),
        null);
  }
}
