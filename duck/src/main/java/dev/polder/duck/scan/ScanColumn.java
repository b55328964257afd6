package dev.polder.duck.scan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column, or a part of a nested one. Immutable.
 *
 * @param duckType the whole type as DuckDB writes it
 * @param children a struct's fields; {@code element} of a list; {@code key} and {@code value} of a
 *     map
 * @param defaultText what files without the column are read as, as text; null for NULL
 */
public record ScanColumn(
    String name,
    String duckType,
    int fieldId,
    List<ScanColumn> children,
    @Nullable String defaultText) {
  public ScanColumn {
    children = List.copyOf(children);
  }

  public static ScanColumn of(String name, String duckType, int fieldId) {
    return new ScanColumn(name, duckType, fieldId, List.of(), null);
  }
}
