package dev.polder.duck;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a statement would answer and wants to be given, found without running it. Immutable.
 *
 * @param parameterTypes DuckDB's type of each parameter in order, null where it depends on the
 *     value given
 */
public record PreparedShape(
    List<ResultColumn> columns, Schema schema, List<@Nullable String> parameterTypes) {
  public PreparedShape {
    columns = List.copyOf(columns);
  }
}
