package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.bind.ParameterValues;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteQuery.Order;
import dev.polder.sql.remote.RemoteQuery.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A SELECT inside another one: all of it is translated or nothing. One use per instance. */
final class WholeSelect {
  private final Block block;
  private final List<String> names = new ArrayList<>();

  WholeSelect(Block block) {
    this.block = block;
  }

  /** The names of the outputs as the query around sees them; empty where DuckDB makes one up. */
  List<String> names() {
    return List.copyOf(names);
  }

  /** The query that asks only whether there is a row. */
  RemoteQuery existence() {
    RemoteQuery query = query();
    boolean plain =
        query.groupBy().isEmpty()
            && query.having().isEmpty()
            && query.limit().isEmpty()
            && query.offset().isEmpty()
            && !Grouping.groups(block.select());
    return plain
        ? query(
            List.of(new Output("c0", new RemoteExpression.Literal(1L, "INTEGER"))),
            List.of(),
            List.of(),
            List.of(),
            false,
            OptionalLong.empty(),
            OptionalLong.empty())
        : query;
  }

  RemoteQuery query() {
    JsonNode select = block.select();
    Modifiers modifiers = Modifiers.of(select, ParameterValues.NONE);
    if (select.path("qualify").isObject() || !modifiers.known()) {
      throw new NotPushed("a subquery with QUALIFY or a special modifier");
    }
    boolean grouped = Grouping.groups(select);
    Translator translator = block.translator().grouped(grouped);
    names.clear();
    List<Output> outputs = new ArrayList<>();
    for (JsonNode item : select.path("select_list")) {
      if (Trees.isClass(item, "STAR")) {
        Stars.expand(item, block.scope())
            .forEach(column -> add(outputs, column.name(), column.value()));
      } else {
        add(outputs, name(item), translator.expression(item));
      }
    }
    List<RemoteExpression> groupBy = List.of();
    List<RemoteExpression> having = List.of();
    List<Order> orders = new ArrayList<>();
    boolean limited = modifiers.limit().isPresent() || modifiers.offset().isPresent();
    if (limited) {
      for (Modifiers.OrderNode order : modifiers.orders()) {
        JsonNode value = OutputNames.resolve(select.path("select_list"), order.expression());
        orders.add(new Order(translator.expression(value), order.descending(), order.nullsFirst()));
      }
    }
    if (grouped) {
      Grouping grouping = new Grouping(block);
      groupBy = grouping.groupBy();
      having = Blocks.conditions(select.path("having"), translator);
      outputs.forEach(output -> grouping.checked(output.value()));
      having.forEach(grouping::checked);
      orders.forEach(order -> grouping.checked(order.value()));
      boolean aggregate = outputs.stream().anyMatch(o -> Supported.aggregates(o.value()));
      if (groupBy.isEmpty() && !aggregate) {
        throw new NotPushed("a group of everything without an aggregate");
      }
    }
    return query(
        outputs,
        groupBy,
        having,
        orders,
        modifiers.distinct(),
        modifiers.limit(),
        modifiers.offset());
  }

  private RemoteQuery query(
      List<Output> outputs,
      List<RemoteExpression> groupBy,
      List<RemoteExpression> having,
      List<Order> orders,
      boolean distinct,
      OptionalLong limit,
      OptionalLong offset) {
    return new RemoteQuery(
        outputs, block.from(), block.where(), groupBy, having, orders, distinct, limit, offset);
  }

  private void add(List<Output> outputs, String name, RemoteExpression value) {
    outputs.add(new Output("c" + outputs.size(), value));
    names.add(name);
  }

  private static String name(JsonNode item) {
    String alias = Trees.text(item, "alias");
    if (!alias.isEmpty() || !Trees.isClass(item, "COLUMN_REF")) {
      return alias;
    }
    return Trees.strings(item.path("column_names")).getLast();
  }
}
