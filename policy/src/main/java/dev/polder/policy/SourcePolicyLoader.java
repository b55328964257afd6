package dev.polder.policy;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.source.SourcePolicy;
import dev.polder.metastore.source.SourceTable;
import dev.polder.model.RoleId;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads which policies on tables of a space's sources a principal is under. */
final class SourcePolicyLoader {
  private SourcePolicyLoader() {}

  /**
   * Accumulated by table.
   *
   * @param roles those that the principal holds
   */
  static Map<SourceTable, SourcePolicies> load(
      MetastoreTransaction tx, SpaceKey space, Set<RoleId> roles) {
    Map<SourceTable, List<SourcePolicy>> applying = new HashMap<>();
    for (SourcePolicy policy : tx.sourcePolicies().all(space)) {
      if (policy.role().isEmpty() || roles.contains(policy.role().get())) {
        applying.computeIfAbsent(policy.table(), key -> new ArrayList<>()).add(policy);
      }
    }
    Map<SourceTable, SourcePolicies> accumulated = new HashMap<>();
    applying.forEach((table, policies) -> accumulated.put(table, accumulate(policies)));
    return accumulated;
  }

  private static SourcePolicies accumulate(List<SourcePolicy> policies) {
    List<RowFilter> filters = new ArrayList<>();
    TreeMap<String, List<SourcePolicy>> masks = new TreeMap<>();
    for (SourcePolicy policy : policies) {
      if (policy.kind() == PolicyKind.ROW_FILTER) {
        filters.add(
            new RowFilter(policy.id(), policy.name(), policy.expression(), policy.createdBy()));
      } else {
        masks.computeIfAbsent(policy.column().orElseThrow(), key -> new ArrayList<>()).add(policy);
      }
    }
    return new SourcePolicies(
        filters, masks.entrySet().stream().map(e -> mask(e.getKey(), e.getValue())).toList());
  }

  private static SourceMask mask(String column, List<SourcePolicy> policies) {
    return new SourceMask(
        column,
        AccessLoader.onlyOne(policies.stream().map(SourcePolicy::expression)),
        policies.getFirst().createdBy(),
        policies.stream().map(SourcePolicy::id).toList());
  }
}
