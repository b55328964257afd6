package dev.polder.policy;

import java.util.List;
import java.util.Optional;

/**
 * The row filters and column masks of one table that apply to one principal. All filters hold
 * together (AND); there is at most one mask a column. Immutable.
 */
public record TablePolicies(List<RowFilter> rowFilters, List<ColumnMask> columnMasks) {
  public static final TablePolicies NONE = new TablePolicies(List.of(), List.of());

  public TablePolicies {
    rowFilters = List.copyOf(rowFilters);
    columnMasks = List.copyOf(columnMasks);
  }

  public boolean isEmpty() {
    return rowFilters.isEmpty() && columnMasks.isEmpty();
  }

  public Optional<ColumnMask> mask(int fieldId) {
    return columnMasks.stream().filter(mask -> mask.fieldId() == fieldId).findFirst();
  }
}
