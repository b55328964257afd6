package dev.polder.policy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The row filters and column masks of one table of a source that apply to one principal. All
 * filters hold together (AND); there is at most one mask a column. Immutable.
 */
public record SourcePolicies(List<RowFilter> rowFilters, List<SourceMask> columnMasks) {
  public static final SourcePolicies NONE = new SourcePolicies(List.of(), List.of());

  public SourcePolicies {
    rowFilters = List.copyOf(rowFilters);
    columnMasks = List.copyOf(columnMasks);
  }

  public boolean isEmpty() {
    return rowFilters.isEmpty() && columnMasks.isEmpty();
  }

  /** That of the column of this name, without regard to case. */
  public Optional<SourceMask> mask(String column) {
    String key = column.toLowerCase(Locale.ROOT);
    return columnMasks.stream().filter(mask -> mask.column().equals(key)).findFirst();
  }
}
