package dev.polder.policy;

import dev.polder.model.PolicyId;
import dev.polder.model.PrincipalId;
import java.util.List;
import java.util.Optional;

/**
 * What the principal who asks sees instead of one column's values. One distinct expression masks
 * with that expression; several that differ mask with NULL, the strictest value there is, whatever
 * their order. Immutable.
 *
 * @param fieldId the column's Iceberg field id
 * @param expression the SQL text as stored; empty when the column reads as NULL
 * @param author with whose grants its subqueries read: the first policy's
 * @param policies the policies that took part, in the order of their identities
 */
public record ColumnMask(
    int fieldId,
    Optional<String> expression,
    Optional<PrincipalId> author,
    List<PolicyId> policies) {
  public ColumnMask {
    policies = List.copyOf(policies);
  }
}
