package dev.polder.sql.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small table of Java values that a statement reads. Two relations with equal columns and rows
 * are interchangeable.
 *
 * @param rows String, Integer, Long, Short, Boolean or null, in the columns' order
 */
public record Relation(List<Column> columns, List<List<@Nullable Object>> rows) {
  /**
   * A column of a relation.
   *
   * @param type DuckDB's name of the type
   */
  public record Column(String name, String type) {}
}
