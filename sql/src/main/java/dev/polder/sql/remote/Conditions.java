package dev.polder.sql.remote;

import java.util.ArrayList;
import java.util.List;

/** Which conditions of a scan a source can apply. Stateless. */
public final class Conditions {
  private Conditions() {}

  /**
   * The conditions that a source applies.
   *
   * @param exact whether all that were wanted are applied as they are
   */
  public record Pushed(List<RemoteExpression> conditions, boolean exact) {
    public Pushed {
      conditions = List.copyOf(conditions);
    }
  }

  /** Of the wanted conditions those that the dialect supports, wholly or as wider ones. */
  public static Pushed push(List<RemoteExpression> wanted, SourceDialect dialect) {
    List<RemoteExpression> pushed = new ArrayList<>();
    boolean exact = true;
    for (RemoteExpression condition : wanted) {
      Support support = support(condition, dialect);
      exact &= support == Support.EXACT;
      if (support != Support.NONE) {
        pushed.add(condition);
      }
    }
    return new Pushed(pushed, exact);
  }

  /** How well a dialect evaluates an expression with everything in it; subqueries are not asked. */
  public static Support support(RemoteExpression expression, SourceDialect dialect) {
    return switch (expression) {
      // Wider operands make AND and OR wider and nothing else: NOT would make it narrower.
      case RemoteExpression.And(var operands) -> weakest(operands, dialect, true, expression);
      case RemoteExpression.Or(var operands) -> weakest(operands, dialect, true, expression);
      default -> weakest(operands(expression), dialect, false, expression);
    };
  }

  private static Support weakest(
      List<RemoteExpression> operands,
      SourceDialect dialect,
      boolean widens,
      RemoteExpression expression) {
    Support own = dialect.supports(expression);
    for (RemoteExpression operand : operands) {
      Support support = support(operand, dialect);
      if (support == Support.NONE || (support == Support.WIDER && !widens)) {
        return Support.NONE;
      }
      if (support.compareTo(own) > 0) {
        own = support;
      }
    }
    return own;
  }

  /** The expressions directly below one; those inside subqueries are not. */
  public static List<RemoteExpression> operands(RemoteExpression expression) {
    return switch (expression) {
      case RemoteExpression.Column ignored -> List.of();
      case RemoteExpression.Literal ignored -> List.of();
      case RemoteExpression.Exists ignored -> List.of();
      case RemoteExpression.Scalar ignored -> List.of();
      case RemoteExpression.Comparison(var ignored, var left, var right) -> List.of(left, right);
      case RemoteExpression.Arithmetic(var ignored, var left, var right, var type) ->
          List.of(left, right);
      case RemoteExpression.And(var operands) -> operands;
      case RemoteExpression.Or(var operands) -> operands;
      case RemoteExpression.Call(var ignored, var arguments, var type) -> arguments;
      case RemoteExpression.Not(var operand) -> List.of(operand);
      case RemoteExpression.IsNull(var operand) -> List.of(operand);
      case RemoteExpression.In(var operand, var values) -> List.of(operand);
      case RemoteExpression.InQuery(var operand, var query) -> List.of(operand);
      case RemoteExpression.Like(var operand, var pattern) -> List.of(operand);
      case RemoteExpression.Shift(var operand, var months, var days, var type) -> List.of(operand);
      case RemoteExpression.Widen(var operand, var type) -> List.of(operand);
      case RemoteExpression.Case(var whens, var otherwise, var type) -> {
        List<RemoteExpression> parts = new ArrayList<>();
        whens.forEach(when -> {
          parts.add(when.condition());
          parts.add(when.value());
        });
        otherwise.ifPresent(parts::add);
        yield parts;
      }
      case RemoteExpression.Aggregate(var f, var operand, var distinct, var filter, var type) -> {
        List<RemoteExpression> parts = new ArrayList<>();
        operand.ifPresent(parts::add);
        filter.ifPresent(parts::add);
        yield parts;
      }
    };
  }
}
