package dev.polder.model;

/** A principal's identity. */
public record PrincipalId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
