package dev.polder.sql.parse;

import com.fasterxml.jackson.databind.JsonNode;

/** DuckDB's own parser for queries. Thread-safe; implementations bound time and memory. */
@FunctionalInterface
public interface SelectParser {
  /**
   * The answer of {@code json_serialize_sql}: an object with {@code statements}, or one whose
   * {@code error} is true. Fields that are null or empty may be absent. An implementation may throw
   * instead of answering with an error: a {@code PolderException} with {@code NOT_SUPPORTED} or,
   * with the position in {@code select}, {@code SYNTAX_ERROR}.
   *
   * @param select text whose size and nesting were checked already
   */
  JsonNode parse(String select);
}
