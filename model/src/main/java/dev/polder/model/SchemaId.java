package dev.polder.model;

/** A schema's identity. */
public record SchemaId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
