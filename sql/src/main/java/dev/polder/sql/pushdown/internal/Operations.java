package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Arithmetic;
import dev.polder.sql.remote.RemoteExpression.ArithmeticOperator;
import dev.polder.sql.remote.RemoteExpression.Literal;
import dev.polder.sql.remote.RemoteExpression.Shift;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Translates addition, subtraction and multiplication. */
final class Operations {
  private static final Pattern INTERVAL =
      Pattern.compile("(?:(-?\\d+) years? ?)?(?:(-?\\d+) months? ?)?(?:(-?\\d+) days?)?");

  private final Translator translator;

  Operations(Translator translator) {
    this.translator = translator;
  }

  RemoteExpression translate(String operator, List<JsonNode> arguments) {
    Operand left = translator.operand(arguments.getFirst());
    Operand right = translator.operand(arguments.get(1));
    if (isTime(left.type()) && right instanceof Operand.Fixed(var amount)) {
      return shift(operator, left.expression(), amount);
    }
    if (isTime(right.type()) && left instanceof Operand.Fixed(var amount) && operator.equals("+")) {
      return shift(operator, right.expression(), amount);
    }
    if (!DuckTypes.isNumber(left.type()) || !DuckTypes.isNumber(right.type())) {
      throw new NotPushed(left.type() + " " + operator + " " + right.type());
    }
    String type =
        translator.typeOf("(" + left.sample() + " " + operator + " " + right.sample() + ")");
    return new Arithmetic(
        switch (operator) {
          case "+" -> ArithmeticOperator.ADD;
          case "-" -> ArithmeticOperator.SUBTRACT;
          default -> ArithmeticOperator.MULTIPLY;
        },
        number(left, type),
        number(right, type),
        type);
  }

  /** Decimals stay as they are: DuckDB gives the result's scale to their exact result. */
  private RemoteExpression number(Operand operand, String result) {
    if (DuckTypes.decimal(result).isEmpty()) {
      return translator.casts().to(operand, result);
    }
    if (operand instanceof Operand.Fixed(var constant)) {
      return decimal(constant);
    }
    RemoteExpression value = operand.expression();
    return DuckTypes.asDecimal(value.type())
        .map(decimal -> translator.casts().widen(value, decimal.name()))
        .orElseThrow(() -> new NotPushed("arithmetic of " + value.type()));
  }

  private static Literal decimal(Constant constant) {
    BigDecimal number = constant.number();
    BigDecimal scaled = number.scale() < 0 ? number.setScale(0) : number;
    return new Literal(
        scaled,
        new DuckTypes.Decimal(
                Math.max(Math.max(1, scaled.precision()), scaled.scale()), scaled.scale())
            .name());
  }

  private static boolean isTime(String type) {
    return type.equals(DuckTypes.DATE) || type.equals(DuckTypes.TIMESTAMP);
  }

  private static RemoteExpression shift(String operator, RemoteExpression value, Constant amount) {
    int sign = operator.equals("-") ? -1 : 1;
    if (operator.equals("*")) {
      throw new NotPushed("a multiplied date");
    }
    if (DuckTypes.isInteger(amount.type()) && value.type().equals(DuckTypes.DATE)) {
      return new Shift(value, 0, sign * amount.number().intValueExact(), DuckTypes.DATE);
    }
    if (!amount.type().equals(DuckTypes.INTERVAL)) {
      throw new NotPushed(value.type() + " " + operator + " " + amount.type());
    }
    Matcher matcher = INTERVAL.matcher(amount.value().toString());
    if (!matcher.matches()) {
      throw new NotPushed("an interval with a time");
    }
    int months = 12 * number(matcher.group(1)) + number(matcher.group(2));
    int days = number(matcher.group(3));
    if (months != 0 && days != 0) {
      throw new NotPushed("an interval of months and days");
    }
    return new Shift(value, sign * months, sign * days, DuckTypes.TIMESTAMP);
  }

  @SuppressWarnings("NullAway") // a group that matched nothing is null
  private static int number(String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }
}
