package dev.polder.model;

/** A role's identity. */
public record RoleId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
