package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.bind.ParameterValues;
import dev.polder.sql.remote.Conditions;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteQuery;
import dev.polder.sql.remote.RemoteQuery.Order;
import dev.polder.sql.remote.SourceDialect;
import dev.polder.sql.remote.Support;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * DISTINCT, ORDER BY and LIMIT of a SELECT of one table alone all of whose conditions its source
 * applies. The user's text repeats them.
 */
final class ScanTail {
  private final JsonNode select;
  private final ParameterValues parameters;
  private final Translator translator;
  private final SourceDialect dialect;

  ScanTail(
      JsonNode select, ParameterValues parameters, Translator translator, SourceDialect dialect) {
    this.parameters = parameters;
    this.select = select;
    this.translator = translator;
    this.dialect = dialect;
  }

  RemoteQuery apply(RemoteQuery query) {
    Modifiers modifiers = Modifiers.of(select, parameters);
    boolean rows =
        select.path("group_expressions").isEmpty()
            && select.path("group_sets").isEmpty()
            && !select.path("having").isObject()
            && !select.path("qualify").isObject()
            && !select.path("sample").isObject()
            && Trees.text(select, "aggregate_handling").equals("STANDARD_HANDLING")
            && modifiers.known();
    if (!rows) {
      return query;
    }
    Optional<Set<String>> plain = plainColumns();
    if (modifiers.distinct()) {
      if (plain.isEmpty() || !columns(query).equals(plain.get()) || !groups(query)) {
        return query;
      }
    } else if (!rowByRow()) {
      return query;
    }
    Optional<List<Order>> orders = orders(modifiers);
    boolean limited = modifiers.limit().isPresent() && dialect.limits() && orders.isPresent();
    if (!limited && !modifiers.distinct()) {
      return query;
    }
    return new RemoteQuery(
        query.outputs(),
        query.from(),
        query.where(),
        List.of(),
        List.of(),
        limited ? orders.orElseThrow() : List.of(),
        modifiers.distinct(),
        limited ? OptionalLong.of(modifiers.rowsNeeded()) : OptionalLong.empty(),
        OptionalLong.empty());
  }

  private boolean groups(RemoteQuery query) {
    return query.outputs().stream().allMatch(output -> dialect.groups(output.value()));
  }

  private static Set<String> columns(RemoteQuery query) {
    Set<String> names = new HashSet<>();
    query.outputs().forEach(output -> names.add(Trees.lower(output.name())));
    return names;
  }

  /** The columns of a list that holds nothing else. */
  private Optional<Set<String>> plainColumns() {
    Set<String> names = new HashSet<>();
    for (JsonNode item : select.path("select_list")) {
      if (!Trees.isClass(item, "COLUMN_REF") || !isRowByRow(item)) {
        return Optional.empty();
      }
      names.add(Trees.lower(Trees.strings(item.path("column_names")).getLast()));
    }
    return Optional.of(names);
  }

  private boolean rowByRow() {
    return Trees.list(select.path("select_list")).stream().allMatch(this::isRowByRow);
  }

  /** Whether an item of the list gives one value for each row: aggregates are not translated. */
  private boolean isRowByRow(JsonNode item) {
    if (Trees.isClass(item, "STAR")) {
      return !item.path("columns").asBoolean()
          && !item.path("expr").isObject()
          && item.path("replace_list").isEmpty();
    }
    try {
      translator.expression(item);
      return true;
    } catch (NotPushed e) {
      return false;
    }
  }

  private Optional<List<Order>> orders(Modifiers modifiers) {
    try {
      List<Order> orders =
          modifiers.orders().stream()
              .map(order ->
                  new Order(
                      translator.expression(aliased(order.expression())),
                      order.descending(),
                      order.nullsFirst()))
              .toList();
      boolean known =
          orders.stream()
              .map(Order::value)
              .allMatch(value ->
                  value instanceof RemoteExpression.Column
                      && Conditions.support(value, dialect) == Support.EXACT
                      && dialect.orders(value));
      return known ? Optional.of(orders) : Optional.empty();
    } catch (NotPushed e) {
      return Optional.empty();
    }
  }

  /** A position or an alias of the list means that item, before any column of the same name. */
  private JsonNode aliased(JsonNode expression) {
    return OutputNames.resolve(select.path("select_list"), expression);
  }
}
