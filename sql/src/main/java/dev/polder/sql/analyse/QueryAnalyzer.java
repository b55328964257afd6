package dev.polder.sql.analyse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.analyse.internal.Locations;
import dev.polder.sql.analyse.internal.PivotHeads;
import dev.polder.sql.analyse.internal.QueryWalk;
import dev.polder.sql.parse.SelectParser;
import dev.polder.sql.statement.SqlText;

/**
 * Finds what a query refers to, in DuckDB's own syntax tree of it. What the tree's serialiser
 * refuses (PIVOT with columns found at run time) is first turned into a SELECT over the same source
 * and expressions, so that nothing of it escapes. Thread-safe.
 */
public final class QueryAnalyzer {
  private final SelectParser parser;

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
    SqlText own = SqlText.of(query.toString());
    JsonNode answer = parser.parse(query.toString());
    if (isNotImplemented(answer)) {
      SqlText pivoted = PivotHeads.toSelect(own);
      if (!pivoted.equals(own)) {
        own = pivoted;
        answer = parser.parse(own.toString());
      }
    }
    Locations locations = new Locations(own, query);
    if (answer.path("error").asBoolean(true)) {
      throw refusal(query, locations, answer);
    }
    JsonNode statements = answer.path("statements");
    if (statements.size() != 1) {
      throw new PolderException(
          ErrorCode.MULTIPLE_STATEMENTS,
          "expected one query but found " + statements.size(),
          query.position(0),
          null);
    }
    return QueryWalk.analyze(statements.get(0), locations, query);
  }

  private static boolean isNotImplemented(JsonNode answer) {
    return answer.path("error").asBoolean() && isNotImplementedType(answer);
  }

  private static boolean isNotImplementedType(JsonNode answer) {
    return answer.path("error_type").asText().equals("not implemented");
  }

  private static PolderException refusal(SqlText query, Locations locations, JsonNode answer) {
    if (isNotImplementedType(answer)) {
      return new PolderException(
          ErrorCode.NOT_SUPPORTED,
          "this form of query is not supported: only SELECT, WITH, VALUES, FROM, TABLE, DESCRIBE,"
              + " SUMMARIZE, PIVOT and UNPIVOT are",
          query.position(0),
          null);
    }
    String message = answer.path("error_message").asText("syntax error");
    JsonNode position = answer.get("position");
    int offset =
        position == null
            ? -1
            : query.position(Math.min(query.length(), locations.offset(position.asLong())));
    return new PolderException(ErrorCode.SYNTAX_ERROR, message, offset, null);
  }
}
