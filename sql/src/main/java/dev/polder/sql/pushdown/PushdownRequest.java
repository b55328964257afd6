package dev.polder.sql.pushdown;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.analyse.Analysis;
import dev.polder.sql.bind.Constants;
import dev.polder.sql.bind.ParameterValues;
import dev.polder.sql.statement.SqlText;
import java.util.Map;

/**
 * A query some of whose references are tables of sources.
 *
 * @param statement DuckDB's tree of the query, as {@code QueryAnalyzer#tree} gives it
 * @param text what was analysed
 * @param remotes by {@code TableReference#index}; the references that are absent are local
 */
public record PushdownRequest(
    JsonNode statement,
    SqlText text,
    Analysis analysis,
    Map<Integer, RemoteReference> remotes,
    ParameterValues parameters,
    Constants constants) {
  public PushdownRequest {
    remotes = Map.copyOf(remotes);
  }
}
