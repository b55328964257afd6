package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Literal;
import dev.polder.sql.remote.RemoteQuery;
import java.util.List;

/** Translates subqueries that are values or conditions. */
final class QueryExpressions implements Subqueries {
  private final Blocks blocks;
  private final CommonTables tables;

  QueryExpressions(Blocks blocks, CommonTables tables) {
    this.blocks = blocks;
    this.tables = tables;
  }

  @Override
  public RemoteExpression translate(JsonNode node, Translator translator) {
    JsonNode select = node.path("subquery").path("node");
    WholeSelect whole = new WholeSelect(blocks.open(select, translator.names(), tables));
    return switch (Trees.text(node, "subquery_type")) {
      case "EXISTS" -> new RemoteExpression.Exists(whole.existence());
      case "NOT_EXISTS" -> new RemoteExpression.Not(new RemoteExpression.Exists(whole.existence()));
      case "SCALAR" -> new RemoteExpression.Scalar(single(whole.query()));
      case "ANY" -> in(node, translator, single(whole.query()));
      default -> throw new NotPushed("a subquery " + Trees.text(node, "subquery_type"));
    };
  }

  private static RemoteQuery single(RemoteQuery query) {
    if (query.outputs().size() != 1) {
      throw new NotPushed("a subquery of several columns");
    }
    return query;
  }

  private static RemoteExpression in(JsonNode node, Translator translator, RemoteQuery query) {
    if (!Trees.text(node, "comparison_type").equals("COMPARE_EQUAL")) {
      throw new NotPushed("a comparison with ANY");
    }
    RemoteQuery.Output output = query.outputs().getFirst();
    RemoteExpression.Comparison equal =
        translator
            .casts()
            .compare(
                RemoteExpression.Operator.EQUAL,
                translator.operand(node.path("child")),
                new Operand.Varying(output.value()));
    // A constant on the left has changed sides.
    RemoteExpression subject = equal.left();
    RemoteExpression member = equal.right();
    if (member instanceof Literal) {
      subject = equal.right();
      member = equal.left();
    }
    if (!member.equals(output.value()) && (query.distinct() || !query.orderBy().isEmpty())) {
      throw new NotPushed("IN of different types");
    }
    return new RemoteExpression.InQuery(
        subject,
        new RemoteQuery(
            List.of(new RemoteQuery.Output(output.name(), member)),
            query.from(),
            query.where(),
            query.groupBy(),
            query.having(),
            query.orderBy(),
            query.distinct(),
            query.limit(),
            query.offset()));
  }
}
