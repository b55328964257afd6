package dev.polder.sql.bind;

import dev.polder.sql.analyse.Parameters;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The values given for a statement's parameters, found by DuckDB's names for them. */
public record ParameterValues(Parameters parameters, List<@Nullable Object> values) {
  public static final ParameterValues NONE = new ParameterValues(Parameters.NONE, List.of());

  /** The value of a parameter; empty when it is NULL or none was given. */
  public Optional<Object> value(String name) {
    int index = parameters.names().indexOf(name);
    return index < 0 || index >= values.size()
        ? Optional.empty()
        : Optional.ofNullable(values.get(index));
  }
}
