package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.sql.bind.ParameterValues;
import dev.polder.sql.pushdown.BlockPlan.Level;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteQuery.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A SELECT whose rows come from the source, which joins and filters them. */
final class RowsSelect {
  private final Block block;
  private final JsonNode select;
  private final Supported supported;
  private final ParameterValues parameters;
  private final Answer answer;
  private final Modifiers modifiers;

  RowsSelect(Block block, Supported supported, ParameterValues parameters) {
    this.block = block;
    this.select = block.select();
    this.supported = supported;
    this.parameters = parameters;
    this.answer = new Answer(supported);
    this.modifiers = Modifiers.of(select, parameters);
  }

  LocalSelect plan() {
    LocalTree tree = new LocalTree(block, answer, new RowUnits(block), parameters);
    ArrayNode list = tree.list();
    boolean rowByRow = tree.rowByRow() && !select.path("qualify").isObject();
    int listed = answer.outputs().size();
    boolean plain =
        listed == list.size()
            && rowByRow
            && Trees.list(list).stream().allMatch(item -> Trees.isClass(item, "COLUMN_REF"));
    boolean grouped = Grouping.groups(select);
    ObjectNode local = LocalSelect.over(list);
    LocalSelect.put(
        local, "group_expressions", tree.rewrite(select.path("group_expressions"), false));
    LocalSelect.put(local, "group_sets", select.path("group_sets"));
    local.set("aggregate_handling", select.path("aggregate_handling"));
    LocalSelect.put(local, "having", tree.rewrite(select.path("having"), false));
    LocalSelect.put(local, "qualify", tree.rewrite(select.path("qualify"), false));
    LocalSelect.put(local, "modifiers", tree.rewrite(select.path("modifiers"), true));
    answer.atLeast(new RemoteExpression.Literal(1L, "INTEGER"));
    List<String> notes = new ArrayList<>();
    RemoteQuery query = query(List.of(), false, OptionalLong.empty());
    boolean every = rowByRow && !grouped;
    if (every && modifiers.known()) {
      boolean sameRows = answer.outputs().size() == listed || modifiers.orders().isEmpty();
      query = Tails.lessen(query, supported, modifiers, orders(), sameRows, plain, notes);
    }
    boolean whole =
        every
            && modifiers.known()
            && query.distinct() == modifiers.distinct()
            && (query.limit().isPresent() || modifiers.limit().isEmpty());
    if (query.limit().isEmpty()) {
      Connected.check(block);
    }
    return new LocalSelect(whole ? Level.WHOLE : Level.JOINED, query, answer, local, notes);
  }

  private Tails.Orders orders() {
    return () -> {
      List<Order> orders = new ArrayList<>();
      for (Modifiers.OrderNode order : modifiers.orders()) {
        JsonNode value = OutputNames.resolve(select.path("select_list"), order.expression());
        orders.add(
            new Order(
                block.translator().expression(value), order.descending(), order.nullsFirst()));
      }
      return orders;
    };
  }

  private RemoteQuery query(List<Order> orders, boolean distinct, OptionalLong limit) {
    return new RemoteQuery(
        answer.outputs(),
        block.from(),
        block.where(),
        List.of(),
        List.of(),
        orders,
        distinct,
        limit,
        OptionalLong.empty());
  }
}
