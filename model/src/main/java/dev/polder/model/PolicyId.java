package dev.polder.model;

/** A policy's identity. */
public record PolicyId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
