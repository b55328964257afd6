package dev.polder.model;

/** A role's name; unique within its tenant (or among the server's own roles). */
public record RoleName(String value) {
  public RoleName {
    Names.principal("role", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
