package dev.polder.sql.pushdown;

/** DuckDB's {@code json_deserialize_sql}. */
@FunctionalInterface
public interface Unparser {
  /** The SQL of a tree, given as the JSON that {@code json_serialize_sql} makes. */
  String sql(String json);
}
