package dev.polder.sql.pushdown.internal;

import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteQuery.Order;
import java.util.List;
import java.util.OptionalLong;

/** Adds DISTINCT and ORDER BY with LIMIT to what a source is asked. Stateless. */
final class Tails {
  /** The order in which the first rows are wanted; it may be refused. */
  @FunctionalInterface
  interface Orders {
    List<Order> get();
  }

  private Tails() {}

  /**
   * The query with as much of DISTINCT and LIMIT as the source knows; the local query repeats them.
   *
   * @param listed whether the outputs are the items of the list alone, perhaps parts of them
   * @param plain whether they are just its items, so that distinct outputs are distinct rows
   */
  static RemoteQuery lessen(
      RemoteQuery query,
      Supported supported,
      Modifiers modifiers,
      Orders orders,
      boolean listed,
      boolean plain,
      List<String> notes) {
    RemoteQuery result = query;
    if (modifiers.distinct()) {
      RemoteQuery distinct = with(query, List.of(), true, OptionalLong.empty());
      if (!listed || !known(distinct, supported, notes)) {
        return query;
      }
      result = distinct;
    }
    if (modifiers.limit().isPresent() && (plain || !modifiers.distinct())) {
      try {
        List<Order> order = orders.get();
        RemoteQuery limited =
            with(result, order, result.distinct(), OptionalLong.of(modifiers.rowsNeeded()));
        if (known(limited, supported, notes) && (!result.distinct() || listed(limited))) {
          result = limited;
        }
      } catch (NotPushed e) {
        notes.add(e.reason());
      }
    }
    return result;
  }

  /** Of distinct rows only outputs give an order. */
  private static boolean listed(RemoteQuery query) {
    List<RemoteExpression> outputs =
        query.outputs().stream().map(RemoteQuery.Output::value).toList();
    return query.orderBy().stream().allMatch(order -> outputs.contains(order.value()));
  }

  private static boolean known(RemoteQuery query, Supported supported, List<String> notes) {
    try {
      supported.check(query);
      return true;
    } catch (NotPushed e) {
      notes.add(e.reason());
      return false;
    }
  }

  private static RemoteQuery with(
      RemoteQuery query, List<Order> orders, boolean distinct, OptionalLong limit) {
    return new RemoteQuery(
        query.outputs(),
        query.from(),
        query.where(),
        query.groupBy(),
        query.having(),
        orders,
        distinct,
        limit,
        OptionalLong.empty());
  }
}
