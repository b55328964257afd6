package dev.polder.model;

import java.util.List;
import java.util.Optional;

/** A schema's name as written; compared by {@link #key()}, without regard to case. */
public record SchemaName(String value) {
  /**
   * Every space starts with it, and unqualified names go to it unless the database says otherwise.
   */
  public static final SchemaName MAIN = new SchemaName("main");

  public SchemaName {
    Names.object("schema", value);
  }

  /** The names of the schemas around it, outermost first, and its own: dots separate them. */
  public List<String> levels() {
    List<String> levels = List.of(value.split("\\.", -1));
    return levels.stream().anyMatch(String::isEmpty) ? List.of(value) : levels;
  }

  /** The schema that it is nested in. */
  public Optional<SchemaName> parent() {
    return levels().size() == 1
        ? Optional.empty()
        : Optional.of(new SchemaName(value.substring(0, value.lastIndexOf('.'))));
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
