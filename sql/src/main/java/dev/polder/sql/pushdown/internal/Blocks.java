package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.pushdown.PushdownRequest;
import dev.polder.sql.pushdown.RemoteReference;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteFrom;
import dev.polder.sql.remote.RemoteQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Opens SELECTs: translates what they read from and their conditions. Used by one statement. */
final class Blocks {
  private final PushdownRequest request;
  private final Folding folding;
  private final ReferencePlaces places;
  private int relations;

  Blocks(PushdownRequest request, Folding folding) {
    this.request = request;
    this.folding = folding;
    this.places = new ReferencePlaces(request);
  }

  /** Translates FROM and WHERE of a SELECT. */
  Block open(JsonNode select, Names outer, CommonTables seen) {
    if (!Trees.isType(select, "SELECT_NODE")) {
      throw new NotPushed("a query that is no plain SELECT");
    }
    if (select.path("sample").isObject()) {
      throw new NotPushed("a sample");
    }
    CommonTables tables = seen.with(select);
    BlockScope scope = new BlockScope(outer);
    Translator translator =
        new Translator(folding, scope, new QueryExpressions(this, tables), false);
    Optional<RemoteFrom> from = from(select.path("from_table"), scope, translator, tables);
    List<RemoteExpression> where = conditions(select.path("where_clause"), translator);
    return new Block(select, scope, from, where, translator);
  }

  /** One expression for each conjunct; those that are surely true are left out. */
  static List<RemoteExpression> conditions(JsonNode condition, Translator translator) {
    return Trees.conjuncts(condition).stream()
        .map(translator::predicate)
        .filter(conjunct ->
            !(conjunct instanceof RemoteExpression.Literal(var value, var _)
                && Boolean.TRUE.equals(value)))
        .toList();
  }

  /** A whole query as its columns under the names by which it is seen from outside. */
  private RemoteFrom subquery(
      JsonNode query,
      String qualifier,
      List<String> names,
      BlockScope scope,
      Names outer,
      CommonTables tables) {
    WholeSelect whole = new WholeSelect(open(query, outer, tables));
    RemoteQuery translated = whole.query();
    int id = relations++;
    List<BlockScope.Named> columns = new ArrayList<>();
    for (int i = 0; i < translated.outputs().size(); i++) {
      RemoteQuery.Output output = translated.outputs().get(i);
      columns.add(
          new BlockScope.Named(
              i < names.size() ? names.get(i) : whole.names().get(i),
              new RemoteExpression.Column(
                  id, new RemoteColumn(output.name(), output.value().type(), "", true))));
    }
    scope.add(new BlockScope.Item(qualifier, columns));
    return new RemoteFrom.Subquery(id, translated);
  }

  private Optional<RemoteFrom> from(
      JsonNode node, BlockScope scope, Translator translator, CommonTables tables) {
    return switch (Trees.text(node, "type")) {
      case "EMPTY", "" -> Optional.empty();
      default -> Optional.of(item(node, scope, translator, tables));
    };
  }

  private RemoteFrom item(
      JsonNode node, BlockScope scope, Translator translator, CommonTables tables) {
    if (node.path("sample").isObject()) {
      throw new NotPushed("a sample");
    }
    return switch (Trees.text(node, "type")) {
      case "BASE_TABLE" -> table(node, scope, tables);
      case "SUBQUERY" ->
          subquery(
              node.path("subquery").path("node"),
              Trees.lower(Trees.text(node, "alias")),
              Trees.strings(node.path("column_name_alias")),
              scope,
              scope.outer(),
              tables);
      case "JOIN" -> {
        int first = scope.size();
        RemoteFrom left = item(node.path("left"), scope, translator, tables);
        int middle = scope.size();
        RemoteFrom right = item(node.path("right"), scope, translator, tables);
        yield new Joins(scope, translator).join(node, left, right, first, middle);
      }
      default -> throw new NotPushed("FROM with " + Trees.text(node, "type"));
    };
  }

  private RemoteFrom table(JsonNode node, BlockScope scope, CommonTables tables) {
    List<String> path = Trees.strings(node.path("qualified_name").path("path"));
    String alias = Trees.text(node, "alias");
    String qualifier = Trees.lower(alias.isEmpty() && !path.isEmpty() ? path.getLast() : alias);
    List<String> renamed = Trees.strings(node.path("column_name_alias"));
    Optional<CommonTables.Entry> common = tables.find(node);
    if (common.isPresent()) {
      CommonTables.Entry entry = common.get();
      List<String> names = new ArrayList<>(renamed);
      if (names.size() < entry.aliases().size()) {
        names.addAll(entry.aliases().subList(names.size(), entry.aliases().size()));
      }
      return subquery(entry.query(), qualifier, names, scope, Names.NOWHERE, entry.seen());
    }
    RemoteReference remote = request.remotes().get(places.reference(node));
    if (remote == null || node.path("at_clause").isObject()) {
      throw new NotPushed("the table " + String.join(".", path));
    }
    int id = relations++;
    List<BlockScope.Named> columns = new ArrayList<>();
    for (RemoteColumn column : remote.table().columns()) {
      int at = columns.size();
      columns.add(
          new BlockScope.Named(
              at < renamed.size() ? renamed.get(at) : column.name(),
              new RemoteExpression.Column(id, column)));
    }
    scope.add(new BlockScope.Item(qualifier, columns));
    return new RemoteFrom.Table(id, remote.table());
  }
}
