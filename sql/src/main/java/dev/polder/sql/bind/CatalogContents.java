package dev.polder.sql.bind;

import dev.polder.sql.catalog.Relation;
import java.util.List;
import java.util.Map;

/**
 * What a private catalog holds for one statement. Contents with equal definitions and relations are
 * interchangeable, so that an instance makes each only once. Immutable.
 *
 * @param schema the schema of unqualified names
 * @param definitions in the order in which they must be made
 * @param relations tables of Java values
 * @param deletes the deleted rows that scans leave out, by the name that the scans use
 */
public record CatalogContents(
    String schema,
    List<Definition> definitions,
    List<NamedRelation> relations,
    Map<String, DeletedFiles> deletes) {
  public CatalogContents {
    definitions = List.copyOf(definitions);
    relations = List.copyOf(relations);
    deletes = Map.copyOf(deletes);
  }

  /** Something to create. Names inside the text are qualified by schema. */
  public sealed interface Definition {
    String schema();

    /**
     * A view.
     *
     * @param query its text
     */
    record View(String schema, String name, String query) implements Definition {}

    /**
     * A scalar macro.
     *
     * @param parameters its parameters' names, separated by commas
     * @param body an expression
     */
    record Macro(String schema, String name, String parameters, String body)
        implements Definition {}
  }

  /** A relation under a name. */
  public record NamedRelation(String schema, String name, Relation relation) {}

  /** Whether there is nothing that a text could name. */
  public boolean isEmpty() {
    return definitions.isEmpty() && relations.isEmpty();
  }

  /** Definitions and relations: what makes two catalogs the same. */
  public Object key() {
    return List.of(schema, definitions, relations);
  }
}
