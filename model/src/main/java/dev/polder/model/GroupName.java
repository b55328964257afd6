package dev.polder.model;

/** A group's name; unique within its tenant. */
public record GroupName(String value) {
  public GroupName {
    Names.principal("group", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
