package dev.polder.model;

/** The name with which a principal logs in; unique in the server, case-sensitive. */
public record PrincipalName(String value) {
  public PrincipalName {
    Names.principal("user", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
