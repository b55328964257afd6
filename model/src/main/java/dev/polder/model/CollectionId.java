package dev.polder.model;

/** A table's or view's identity in the metastore; survives renames. Not the Iceberg table UUID. */
public record CollectionId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
