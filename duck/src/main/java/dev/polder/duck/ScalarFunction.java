package dev.polder.duck;

import java.util.List;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBScalarFunction;

/**
 * A pure scalar function written in Java, called with a vector of rows at a time, from several
 * native threads at once. NULL in any argument gives NULL.
 */
public record ScalarFunction(
    String name,
    List<DuckDBColumnType> parameters,
    DuckDBColumnType result,
    DuckDBScalarFunction body) {
  public ScalarFunction {
    parameters = List.copyOf(parameters);
  }
}
