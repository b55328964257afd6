package dev.polder.model;

/**
 * The name of a table or view in a space: schema and name as written, compared without regard to
 * case.
 */
public record TableRef(SchemaName schema, String name) {
  public TableRef {
    Names.object("table", name);
  }

  public static TableRef of(String schema, String name) {
    return new TableRef(new SchemaName(schema), name);
  }

  /** The name alone, in the form under which names are compared. */
  public String key() {
    return Names.key(name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TableRef ref && schema.equals(ref.schema) && key().equals(ref.key());
  }

  @Override
  public int hashCode() {
    return 31 * schema.hashCode() + key().hashCode();
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }
}
