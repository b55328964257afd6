package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.sql.bind.ParameterValues;
import dev.polder.sql.pushdown.BlockPlan.Level;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.AggregateFunction;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteQuery.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A SELECT that groups: the source makes the groups, the list is evaluated over them. */
final class GroupedSelect {
  private final Block block;
  private final JsonNode select;
  private final Supported supported;
  private final ParameterValues parameters;
  private final Answer answer;
  private final Modifiers modifiers;
  private final Grouping grouping;
  private final Translator groups;
  private final List<String> notes = new ArrayList<>();

  GroupedSelect(Block block, Supported supported, ParameterValues parameters) {
    this.block = block;
    this.select = block.select();
    this.supported = supported;
    this.parameters = parameters;
    this.answer = new Answer(supported);
    this.modifiers = Modifiers.of(select, parameters);
    this.grouping = new Grouping(block);
    this.groups = block.translator().grouped(true);
  }

  LocalSelect plan() {
    grouping.groupBy().forEach(answer::column);
    LocalTree tree = new LocalTree(block, answer, new GroupUnits(block, grouping), parameters);
    ArrayNode list = tree.list();
    ObjectNode local = LocalSelect.over(list);
    Optional<List<RemoteExpression>> having = having();
    if (having.isEmpty()) {
      // Over the groups a condition on them is one on rows.
      LocalSelect.put(local, "where_clause", tree.rewrite(select.path("having"), false));
    }
    LocalSelect.put(local, "qualify", tree.rewrite(select.path("qualify"), false));
    LocalSelect.put(local, "modifiers", tree.rewrite(select.path("modifiers"), true));
    if (grouping.groupBy().isEmpty()) {
      answer.atLeast(
          new RemoteExpression.Aggregate(
              AggregateFunction.COUNT, Optional.empty(), false, Optional.empty(), "BIGINT"));
    }
    RemoteQuery query =
        new RemoteQuery(
            answer.outputs(),
            block.from(),
            block.where(),
            grouping.groupBy(),
            having.orElse(List.of()),
            List.of(),
            false,
            OptionalLong.empty(),
            OptionalLong.empty());
    boolean every =
        having.isPresent()
            && tree.rowByRow()
            && !select.path("qualify").isObject()
            && modifiers.known()
            && !modifiers.distinct();
    if (every) {
      query = Tails.lessen(query, supported, modifiers, this::orders, true, true, notes);
    }
    boolean whole = every && (query.limit().isPresent() || modifiers.limit().isEmpty());
    return new LocalSelect(whole ? Level.WHOLE : Level.AGGREGATED, query, answer, local, notes);
  }

  private List<Order> orders() {
    List<Order> orders = new ArrayList<>();
    for (Modifiers.OrderNode order : modifiers.orders()) {
      JsonNode value = OutputNames.resolve(select.path("select_list"), order.expression());
      orders.add(
          new Order(
              grouping.checked(groups.expression(value)), order.descending(), order.nullsFirst()));
    }
    return orders;
  }

  /** The conditions on groups; empty when the source does not know all of them. */
  private Optional<List<RemoteExpression>> having() {
    try {
      List<RemoteExpression> conditions = Blocks.conditions(select.path("having"), groups);
      for (RemoteExpression condition : conditions) {
        supported.check(grouping.checked(condition));
      }
      return Optional.of(conditions);
    } catch (NotPushed e) {
      notes.add(e.reason());
      return Optional.empty();
    }
  }
}
