package dev.polder.duck;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * DuckDB's own syntax tree of a text of SELECT statements. Locations in the tree count UTF-8 bytes;
 * {@link ByteOffsets} turns them into positions of the text. The tree must not be changed.
 *
 * @param tree the whole answer of {@code json_serialize_sql}, with its {@code statements}
 */
public record ParsedSelect(String sql, JsonNode tree) {
  public JsonNode statements() {
    return tree.get("statements");
  }

  public ByteOffsets offsets() {
    return ByteOffsets.of(sql);
  }
}
