package dev.polder.model;

/** A job's identity. */
public record JobId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
