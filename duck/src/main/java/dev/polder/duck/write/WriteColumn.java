package dev.polder.duck.write;

import java.util.List;

/**
 * A column to write, or a part of a nested one. Immutable.
 *
 * @param children a struct's fields; {@code element} of a list; {@code key} and {@code value} of a
 *     map
 */
public record WriteColumn(
    String name, String duckType, int fieldId, boolean required, List<WriteColumn> children) {
  public WriteColumn {
    children = List.copyOf(children);
  }

  public static WriteColumn of(String name, String duckType, int fieldId) {
    return new WriteColumn(name, duckType, fieldId, false, List.of());
  }
}
