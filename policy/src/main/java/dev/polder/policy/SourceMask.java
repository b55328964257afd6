package dev.polder.policy;

import dev.polder.model.PolicyId;
import dev.polder.model.PrincipalId;
import java.util.List;
import java.util.Optional;

/**
 * What the principal who asks sees instead of the values of one column of a source's table; as
 * {@link ColumnMask} otherwise. Immutable.
 *
 * @param column the column's lower-cased name
 * @param expression the SQL text as stored; empty when the column reads as NULL
 * @param author with whose grants its subqueries read: the first policy's
 * @param policies the policies that took part, in the order of their identities
 */
public record SourceMask(
    String column,
    Optional<String> expression,
    Optional<PrincipalId> author,
    List<PolicyId> policies) {
  public SourceMask {
    policies = List.copyOf(policies);
  }
}
