package dev.polder.model;

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
}
