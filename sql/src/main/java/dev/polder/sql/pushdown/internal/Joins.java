package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteFrom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Translates joins, with the columns that USING and NATURAL merge. */
final class Joins {
  private final BlockScope scope;
  private final Translator translator;

  Joins(BlockScope scope, Translator translator) {
    this.scope = scope;
    this.translator = translator;
  }

  /**
   * A join of two items.
   *
   * @param first place of the left side's first item in the scope
   * @param middle place of the right side's first one
   */
  RemoteFrom join(JsonNode node, RemoteFrom left, RemoteFrom right, int first, int middle) {
    RemoteFrom.Kind kind = kind(node);
    List<BlockScope.Item> lefts = scope.items(first, middle);
    List<BlockScope.Item> rights = scope.items(middle, scope.size());
    List<String> merged = new ArrayList<>(Trees.strings(node.path("using_columns")));
    if (Trees.text(node, "ref_type").equals("NATURAL")) {
      BlockScope.visible(lefts).stream()
          .map(BlockScope.Named::name)
          .filter(name -> BlockScope.one(BlockScope.visible(rights), name).isPresent())
          .forEach(merged::add);
    }
    List<RemoteExpression> conditions = new ArrayList<>();
    merged.forEach(name -> conditions.add(merge(name, kind, lefts, rights)));
    // A condition sees the items of this join alone: DuckDB refuses names of those beside it.
    conditions.addAll(Blocks.conditions(node.path("condition"), translator));
    return new RemoteFrom.Join(
        kind,
        left,
        right,
        switch (conditions.size()) {
          case 0 -> Optional.empty();
          case 1 -> Optional.of(conditions.getFirst());
          default -> Optional.of(new RemoteExpression.And(conditions));
        });
  }

  private static RemoteFrom.Kind kind(JsonNode node) {
    String reference = Trees.text(node, "ref_type");
    String type = Trees.text(node, "join_type");
    if (node.path("ranking_expression").isObject()) {
      throw new NotPushed("a join by rank");
    }
    return switch (reference + " " + type) {
      case "REGULAR INNER", "CROSS INNER", "NATURAL INNER" -> RemoteFrom.Kind.INNER;
      case "REGULAR LEFT", "NATURAL LEFT" -> RemoteFrom.Kind.LEFT;
      case "REGULAR RIGHT", "NATURAL RIGHT" -> RemoteFrom.Kind.RIGHT;
      case "REGULAR OUTER", "NATURAL OUTER", "REGULAR FULL", "NATURAL FULL" -> RemoteFrom.Kind.FULL;
      default -> throw new NotPushed("a join " + reference + " " + type);
    };
  }

  private RemoteExpression merge(
      String name,
      RemoteFrom.Kind kind,
      List<BlockScope.Item> lefts,
      List<BlockScope.Item> rights) {
    RemoteExpression left = side(lefts, name);
    RemoteExpression right = side(rights, name);
    String lower = Trees.lower(name);
    RemoteExpression seen =
        switch (kind) {
          case INNER, LEFT -> left;
          case RIGHT -> right;
          case FULL -> {
            List<RemoteExpression> both =
                translator
                    .casts()
                    .union(List.of(new Operand.Varying(left), new Operand.Varying(right)));
            yield new RemoteExpression.Call(
                RemoteExpression.Function.COALESCE, both, both.getFirst().type());
          }
        };
    for (BlockScope.Item item : lefts) {
      if (BlockScope.one(item.columns, name).isPresent()) {
        item.merge(lower, seen);
      }
    }
    rights.forEach(item -> item.hide(lower));
    return translator
        .casts()
        .compare(
            RemoteExpression.Operator.EQUAL, new Operand.Varying(left), new Operand.Varying(right));
  }

  private static RemoteExpression side(List<BlockScope.Item> items, String name) {
    return BlockScope.one(BlockScope.visible(items), name)
        .orElseThrow(() -> new NotPushed("the column " + name + " of USING"));
  }
}
