package dev.polder.model;

import java.util.List;

/**
 * What a privilege can be granted on. A grant covers everything below its securable, now and later:
 * on a space its schemas, on a schema its tables and views, on a table its columns. Names are
 * resolved to identities when the grant is made, so that a grant follows its object through
 * renames.
 */
public sealed interface Securable {
  SpaceKey space();

  /** One tenant's whole part of a database. {@code GRANT … ON DATABASE} means this. */
  record Space(SpaceKey space) implements Securable {}

  record Schema(SpaceKey space, SchemaId schema) implements Securable {}

  /** A table or a view. */
  record Collection(SpaceKey space, SchemaId schema, CollectionId collection)
      implements Securable {}

  /**
   * One top-level column of a table or view.
   *
   * @param fieldId the Iceberg field id, which survives renames
   */
  record Column(SpaceKey space, SchemaId schema, CollectionId collection, int fieldId)
      implements Securable {}

  /**
   * A source, or a schema, table or column in it. What is in another system has no identity of
   * ours, so that its grants are by name; nothing but a grant on it or on what it is in reaches it,
   * and never one on its space.
   *
   * @param path the names of the schema, the table and the column, as far as they are given;
   *     lower-cased
   */
  record Source(SpaceKey space, SourceId source, List<String> path) implements Securable {
    private static final int COLUMN_DEPTH = 3;

    public Source {
      path = path.stream().map(Names::key).toList();
      if (path.size() > COLUMN_DEPTH) {
        throw new IllegalArgumentException("more than a schema, a table and a column");
      }
    }
  }
}
