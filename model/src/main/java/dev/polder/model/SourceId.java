package dev.polder.model;

/** The identity of a source: {@code fs-} and 32 hexadecimal digits, never used again. */
public record SourceId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
