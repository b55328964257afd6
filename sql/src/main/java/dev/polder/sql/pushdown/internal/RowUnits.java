package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.remote.RemoteExpression;
import java.util.Optional;

/** Above rows the source answers columns and subqueries. */
record RowUnits(Block block) implements LocalTree.LocalUnits {
  @Override
  public Optional<RemoteExpression> of(JsonNode node) {
    String kind = Trees.text(node, "class");
    return kind.equals("COLUMN_REF") || kind.equals("SUBQUERY")
        ? Optional.of(block.translator().expression(node))
        : Optional.empty();
  }

  @Override
  public RemoteExpression column(RemoteExpression column) {
    return column;
  }

  @Override
  public void unknownFunction(String name) {
    // An aggregate sees the rows that it would see anyway.
  }
}
