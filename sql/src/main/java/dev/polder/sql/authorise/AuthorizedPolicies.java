package dev.polder.sql.authorise;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The row filters and masks on one table or view for the principal who asks, with what their
 * subqueries may read. Made by {@link Authorizer} only. Immutable.
 *
 * @param masks by field id; empty when the column reads as NULL
 */
public record AuthorizedPolicies(
    List<Expression> rowFilters, Map<Integer, Optional<Expression>> masks) {
  static final AuthorizedPolicies NONE = new AuthorizedPolicies(List.of(), Map.of());

  public AuthorizedPolicies {
    rowFilters = List.copyOf(rowFilters);
    masks = Map.copyOf(masks);
  }

  public boolean isEmpty() {
    return rowFilters.isEmpty() && masks.isEmpty();
  }

  /**
   * An expression with the asker's values in it.
   *
   * @param shown the policy as messages name it
   * @param subqueries one for each of the text's subqueries, in the same order
   */
  public record Expression(String shown, PolicyText text, List<AuthorizedQuery> subqueries) {
    public Expression {
      subqueries = List.copyOf(subqueries);
    }
  }
}
