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

  /**
   * Where an item of FROM stands.
   *
   * @param where takes the conditions of queries that become part of the one around them
   * @param inner whether a row of the item that meets no other is left out
   */
  private record Place(
      BlockScope scope,
      Translator translator,
      CommonTables tables,
      List<RemoteExpression> where,
      boolean inner) {
    Place within(boolean innerJoin) {
      return new Place(scope, translator, tables, where, inner && innerJoin);
    }
  }

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
    List<RemoteExpression> where = new ArrayList<>();
    Optional<RemoteFrom> from =
        from(select.path("from_table"), new Place(scope, translator, tables, where, true));
    where.addAll(conditions(select.path("where_clause"), translator));
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
      Place place,
      Names outer,
      CommonTables tables) {
    Block block = open(query, outer, tables);
    WholeSelect whole = new WholeSelect(block);
    RemoteQuery translated = whole.query();
    Optional<RemoteFrom> merged =
        place.inner() && whole.rowsOnly() ? block.from() : Optional.empty();
    int id = relations++;
    List<BlockScope.Named> columns = new ArrayList<>();
    for (int i = 0; i < translated.outputs().size(); i++) {
      RemoteQuery.Output output = translated.outputs().get(i);
      RemoteExpression column = new RemoteExpression.Column(id, column(output));
      columns.add(
          new BlockScope.Named(
              i < names.size() ? names.get(i) : whole.names().get(i),
              merged.isPresent() ? output.value() : column));
    }
    place.scope().add(new BlockScope.Item(qualifier, columns));
    if (merged.isPresent()) {
      place.where().addAll(block.where());
      return merged.get();
    }
    return new RemoteFrom.Subquery(id, translated);
  }

  /** A column that is passed on keeps the source's own type. */
  private static RemoteColumn column(RemoteQuery.Output output) {
    String nativeType =
        output.value() instanceof RemoteExpression.Column(int _, var column)
            ? column.nativeType()
            : "";
    return new RemoteColumn(output.name(), output.value().type(), nativeType, true);
  }

  private Optional<RemoteFrom> from(JsonNode node, Place place) {
    return switch (Trees.text(node, "type")) {
      case "EMPTY", "" -> Optional.empty();
      default -> Optional.of(item(node, place));
    };
  }

  private RemoteFrom item(JsonNode node, Place place) {
    if (node.path("sample").isObject()) {
      throw new NotPushed("a sample");
    }
    return switch (Trees.text(node, "type")) {
      case "BASE_TABLE" -> table(node, place);
      case "SUBQUERY" ->
          subquery(
              node.path("subquery").path("node"),
              Trees.lower(Trees.text(node, "alias")),
              Trees.strings(node.path("column_name_alias")),
              place,
              place.scope().outer(),
              place.tables());
      case "JOIN" -> {
        Place side = place.within(Trees.text(node, "join_type").equals("INNER"));
        int first = place.scope().size();
        RemoteFrom left = item(node.path("left"), side);
        int middle = place.scope().size();
        RemoteFrom right = item(node.path("right"), side);
        yield new Joins(place.scope(), place.translator()).join(node, left, right, first, middle);
      }
      default -> throw new NotPushed("FROM with " + Trees.text(node, "type"));
    };
  }

  private RemoteFrom table(JsonNode node, Place place) {
    List<String> path = Trees.strings(node.path("qualified_name").path("path"));
    String alias = Trees.text(node, "alias");
    String qualifier = Trees.lower(alias.isEmpty() && !path.isEmpty() ? path.getLast() : alias);
    List<String> renamed = Trees.strings(node.path("column_name_alias"));
    Optional<CommonTables.Entry> common = place.tables().find(node);
    if (common.isPresent()) {
      CommonTables.Entry entry = common.get();
      List<String> names = new ArrayList<>(renamed);
      if (names.size() < entry.aliases().size()) {
        names.addAll(entry.aliases().subList(names.size(), entry.aliases().size()));
      }
      return subquery(entry.query(), qualifier, names, place, Names.NOWHERE, entry.seen());
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
    place.scope().add(new BlockScope.Item(qualifier, columns));
    return new RemoteFrom.Table(id, remote.table());
  }
}
