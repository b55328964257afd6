package dev.polder.model;

/** A group's identity. */
public record GroupId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
