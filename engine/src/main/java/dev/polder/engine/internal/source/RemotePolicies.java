package dev.polder.engine.internal.source;

import dev.polder.policy.Access;
import dev.polder.policy.ColumnMask;
import dev.polder.policy.TablePolicies;
import dev.polder.sql.authorise.AttachedSource;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/** Policies on tables of sources, which name columns, as policies on tables of ours. Stateless. */
public final class RemotePolicies {
  private RemotePolicies() {}

  /** The policies that a principal is under; a mask's field id is its column's position from 1. */
  public static BiFunction<AttachedSource, RemoteTable, TablePolicies> of(Access access) {
    return (source, table) -> {
      var policies = access.sourcePolicies(source.id(), table.schema(), table.name());
      List<ColumnMask> masks = new ArrayList<>();
      for (int i = 0; i < table.columns().size(); i++) {
        RemoteColumn column = table.columns().get(i);
        int position = i + 1;
        policies
            .mask(column.name().toLowerCase(Locale.ROOT))
            .ifPresent(mask ->
                masks.add(
                    new ColumnMask(position, mask.expression(), mask.author(), mask.policies())));
      }
      return new TablePolicies(policies.rowFilters(), masks);
    };
  }
}
