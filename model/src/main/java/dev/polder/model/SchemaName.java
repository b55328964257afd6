package dev.polder.model;

/** A schema's name as written; compared by {@link #key()}, without regard to case. */
public record SchemaName(String value) {
  /**
   * Every space starts with it, and unqualified names go to it unless the database says otherwise.
   */
  public static final SchemaName MAIN = new SchemaName("main");

  public SchemaName {
    Names.object("schema", value);
  }

  public String key() {
    return Names.key(value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SchemaName name && key().equals(name.key());
  }

  @Override
  public int hashCode() {
    return key().hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
