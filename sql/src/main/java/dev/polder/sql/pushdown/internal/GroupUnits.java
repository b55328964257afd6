package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.remote.RemoteExpression;
import java.util.Optional;

/** Above groups the source answers the keys, the aggregates and the subqueries. */
record GroupUnits(Block block, Grouping grouping) implements LocalTree.LocalUnits {
  @Override
  public Optional<RemoteExpression> of(JsonNode node) {
    String kind = Trees.text(node, "class");
    if (Aggregates.isAggregate(node)) {
      return Optional.of(block.translator().grouped(true).expression(node));
    }
    if (kind.equals("SUBQUERY")) {
      return Optional.of(grouping.checked(block.translator().expression(node)));
    }
    if (kind.isEmpty() || kind.equals("CONSTANT") || kind.equals("TYPE")) {
      return Optional.empty();
    }
    try {
      return Optional.of(block.translator().expression(node))
          .filter(value -> grouping.groupBy().contains(value));
    } catch (NotPushed e) {
      // What is no key may be made of keys.
      return Optional.empty();
    }
  }

  @Override
  public RemoteExpression column(RemoteExpression column) {
    return grouping.checked(column);
  }

  /** It could be an aggregate, which would see one row of each group. */
  @Override
  public void unknownFunction(String name) {
    throw new NotPushed("the function " + name + " above groups");
  }
}
