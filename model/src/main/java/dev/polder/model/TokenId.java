package dev.polder.model;

/** A token's identity. */
public record TokenId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
