package dev.polder.model;

/** A source's identity in the metastore: {@code fs-} and 32 hexadecimal digits. */
public record SourceId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
