package dev.polder.lake.plan;

import java.util.Map;
import java.util.Set;

/** How a data file's columns are found for the table's schema. Immutable. */
public sealed interface SchemaMapping {
  /**
   * Each top-level column has the schema's name and types in the file, nested fields included.
   *
   * @param missing ids of top-level columns that the file does not have: their value is the
   *     partition constant if there is one, else the field's initial default, else NULL
   */
  record ByName(Set<Integer> missing) implements SchemaMapping {
    public static final ByName COMPLETE = new ByName(Set.of());

    public ByName {
      missing = Set.copyOf(missing);
    }
  }

  /** The file carries field ids, and names or types differ: read it by id. */
  record ById(Set<Integer> missing) implements SchemaMapping {
    public ById {
      missing = Set.copyOf(missing);
    }
  }

  /**
   * The file carries no field ids: these are the names under which it holds the top-level columns,
   * as {@code schema.name-mapping.default} says.
   */
  record ByFileName(Map<Integer, String> names, Set<Integer> missing) implements SchemaMapping {
    public ByFileName {
      names = Map.copyOf(names);
      missing = Set.copyOf(missing);
    }
  }
}
