package dev.polder.sql.analyse;

import java.util.List;

/**
 * The parameters of a query.
 *
 * @param names {@code "1"}, {@code "2"}, … for {@code ?} and {@code $1}, or names; in the order in
 *     which DuckDB numbers them
 * @param named whether they are {@code $name}
 */
public record Parameters(List<String> names, boolean named) {
  public static final Parameters NONE = new Parameters(List.of(), false);

  public Parameters {
    names = List.copyOf(names);
  }

  /** How many values a caller must give. */
  public int count() {
    return names.size();
  }
}
