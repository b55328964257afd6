package dev.polder.sql.parse;

import com.fasterxml.jackson.databind.JsonNode;

/** DuckDB's own parser for queries. Thread-safe; implementations bound time and memory. */
@FunctionalInterface
public interface SelectParser {
  /**
   * The answer of {@code json_serialize_sql}: a syntax tree, or an object whose {@code error} is
   * true.
   *
   * @param select text whose size and nesting were checked already
   */
  JsonNode parse(String select);
}
