package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Comparison;
import dev.polder.sql.remote.RemoteExpression.Literal;
import dev.polder.sql.remote.RemoteExpression.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns expressions of DuckDB's tree into typed ones, with the casts that DuckDB inserts. What is
 * not surely understood is refused. Used by one statement.
 */
public final class Translator {
  private static final Literal TRUE = new Literal(true, DuckTypes.BOOLEAN);

  private final Folding folding;
  private final Casts casts;
  private final Names names;
  private final Subqueries subqueries;
  private final boolean grouped;

  public Translator(Folding folding, Names names) {
    this(folding, names, Subqueries.NONE, false);
  }

  /**
   * @param grouped whether aggregates may stand here, over the rows that {@code names} names
   */
  Translator(Folding folding, Names names, Subqueries subqueries, boolean grouped) {
    this.folding = folding;
    this.casts = new Casts(folding);
    this.names = names;
    this.subqueries = subqueries;
    this.grouped = grouped;
  }

  /** The same place, with aggregates or without. */
  Translator grouped(boolean wanted) {
    return new Translator(folding, names, subqueries, wanted);
  }

  Names names() {
    return names;
  }

  Casts casts() {
    return casts;
  }

  String typeOf(String sql) {
    return folding.type(sql);
  }

  /** A condition: an expression of type BOOLEAN, a column alone as its comparison with TRUE. */
  public RemoteExpression predicate(JsonNode node) {
    RemoteExpression result = expression(node);
    if (!result.type().equals(DuckTypes.BOOLEAN)) {
      throw new NotPushed("a condition of type " + result.type());
    }
    return switch (result) {
      case RemoteExpression.Column column -> new Comparison(Operator.EQUAL, column, TRUE);
      case RemoteExpression.Case cases -> new Comparison(Operator.EQUAL, cases, TRUE);
      case RemoteExpression.Call call -> new Comparison(Operator.EQUAL, call, TRUE);
      case RemoteExpression.Scalar scalar -> new Comparison(Operator.EQUAL, scalar, TRUE);
      default -> result;
    };
  }

  /** A value. */
  public RemoteExpression expression(JsonNode node) {
    return operand(node).expression();
  }

  /** A value that may be a constant, whose type yields to what it meets. */
  Operand operand(JsonNode node) {
    Optional<Constant> constant = folding.fold(node);
    return constant.isPresent()
        ? new Operand.Fixed(constant.get())
        : new Operand.Varying(varying(node));
  }

  private RemoteExpression varying(JsonNode node) {
    return switch (Trees.text(node, "class")) {
      case "COLUMN_REF" -> names.column(Trees.strings(node.path("column_names")));
      case "COMPARISON" -> comparison(node);
      case "CONJUNCTION" -> conjunction(node);
      case "BETWEEN" -> between(node);
      case "OPERATOR" -> operator(node);
      case "CASE" -> cases(node);
      case "CAST" -> cast(node);
      case "SUBQUERY" -> subqueries.translate(node, this);
      case "FUNCTION" -> function(node);
      default -> throw new NotPushed("an expression " + Trees.text(node, "class"));
    };
  }

  private RemoteExpression function(JsonNode node) {
    if (!Aggregates.isAggregate(node)) {
      return new Functions(this).translate(node);
    }
    if (!grouped) {
      throw new NotPushed("an aggregate");
    }
    return Aggregates.translate(node, grouped(false));
  }

  private RemoteExpression comparison(JsonNode node) {
    Operand left = operand(node.path("left"));
    Operand right = operand(node.path("right"));
    return casts.compare(comparison(Trees.text(node, "type")), left, right);
  }

  static Operator comparison(String type) {
    return switch (type) {
      case "COMPARE_EQUAL" -> Operator.EQUAL;
      case "COMPARE_NOTEQUAL" -> Operator.NOT_EQUAL;
      case "COMPARE_LESSTHAN" -> Operator.LESS;
      case "COMPARE_LESSTHANOREQUALTO" -> Operator.LESS_OR_EQUAL;
      case "COMPARE_GREATERTHAN" -> Operator.GREATER;
      case "COMPARE_GREATERTHANOREQUALTO" -> Operator.GREATER_OR_EQUAL;
      case "COMPARE_DISTINCT_FROM" -> Operator.DISTINCT;
      case "COMPARE_NOT_DISTINCT_FROM" -> Operator.NOT_DISTINCT;
      default -> throw new NotPushed("a comparison " + type);
    };
  }

  private RemoteExpression conjunction(JsonNode node) {
    List<RemoteExpression> operands = new ArrayList<>();
    node.path("children").forEach(child -> operands.add(predicate(child)));
    return switch (Trees.text(node, "type")) {
      case "CONJUNCTION_AND" -> new RemoteExpression.And(operands);
      case "CONJUNCTION_OR" -> new RemoteExpression.Or(operands);
      default -> throw new NotPushed("a conjunction " + Trees.text(node, "type"));
    };
  }

  private RemoteExpression between(JsonNode node) {
    Operand input = operand(node.path("input"));
    Operand lower = operand(node.path("lower"));
    Operand upper = operand(node.path("upper"));
    // DuckDB casts all three to one type: with a mixture of types that is not two comparisons.
    if (lower.isString() != upper.isString()) {
      throw new NotPushed("BETWEEN of different types");
    }
    return new RemoteExpression.And(
        List.of(
            casts.compare(Operator.GREATER_OR_EQUAL, input, lower),
            casts.compare(Operator.LESS_OR_EQUAL, input, upper)));
  }

  private RemoteExpression operator(JsonNode node) {
    List<JsonNode> children = Trees.list(node.path("children"));
    if (children.isEmpty()) {
      throw new NotPushed("an operator without operands");
    }
    JsonNode first = children.getFirst();
    return switch (Trees.text(node, "type")) {
      case "OPERATOR_NOT" -> new RemoteExpression.Not(predicate(first));
      case "OPERATOR_IS_NULL" -> new RemoteExpression.IsNull(expression(first));
      case "OPERATOR_IS_NOT_NULL" ->
          new RemoteExpression.Not(new RemoteExpression.IsNull(expression(first)));
      case "COMPARE_IN" -> in(children);
      case "COMPARE_NOT_IN" -> new RemoteExpression.Not(in(children));
      case "OPERATOR_COALESCE" -> new Functions(this).coalesce(children);
      default -> throw new NotPushed("an operator " + Trees.text(node, "type"));
    };
  }

  private RemoteExpression in(List<JsonNode> children) {
    RemoteExpression subject = expression(children.getFirst());
    Operand operand = new Operand.Varying(subject);
    List<Literal> values = new ArrayList<>();
    List<RemoteExpression> others = new ArrayList<>();
    boolean string = children.size() > 1 && operand(children.get(1)).isString();
    for (JsonNode child : children.subList(1, children.size())) {
      Operand value = operand(child);
      if (value.isString() != string) {
        throw new NotPushed("IN of different types");
      }
      Comparison equal = casts.compare(Operator.EQUAL, operand, value);
      if (equal.left().equals(subject) && equal.right() instanceof Literal literal) {
        values.add(literal);
      } else {
        others.add(equal);
      }
    }
    if (!values.isEmpty()) {
      others.addFirst(new RemoteExpression.In(subject, values));
    }
    if (others.isEmpty()) {
      throw new NotPushed("IN without values");
    }
    return others.size() == 1 ? others.getFirst() : new RemoteExpression.Or(others);
  }

  private RemoteExpression cases(JsonNode node) {
    List<JsonNode> values = new ArrayList<>();
    List<RemoteExpression> conditions = new ArrayList<>();
    for (JsonNode check : node.path("case_checks")) {
      conditions.add(predicate(check.path("when_expr")));
      values.add(check.path("then_expr"));
    }
    JsonNode otherwise = node.path("else_expr");
    boolean none =
        !otherwise.isObject() || Trees.text(otherwise.path("literal"), "kind").startsWith("NULL");
    if (!none) {
      values.add(otherwise);
    }
    List<RemoteExpression> branches = casts.union(values.stream().map(this::operand).toList());
    List<RemoteExpression.When> whens = new ArrayList<>();
    for (int i = 0; i < conditions.size(); i++) {
      whens.add(new RemoteExpression.When(conditions.get(i), branches.get(i)));
    }
    return new RemoteExpression.Case(
        whens,
        none ? Optional.empty() : Optional.of(branches.getLast()),
        branches.getFirst().type());
  }

  /** Only casts that lose nothing and cannot fail. */
  private RemoteExpression cast(JsonNode node) {
    if (node.path("try_cast").asBoolean()) {
      throw new NotPushed("TRY_CAST");
    }
    String type =
        ConstantText.type(node.path("type_expr"))
            .map(name -> typeOf(Folding.sample(name)))
            .orElseThrow(() -> new NotPushed("a cast to a type that is not simple"));
    return casts.widen(expression(node.path("child")), type);
  }
}
