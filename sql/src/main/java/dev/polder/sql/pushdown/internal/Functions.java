package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Call;
import dev.polder.sql.remote.RemoteExpression.Comparison;
import dev.polder.sql.remote.RemoteExpression.Function;
import dev.polder.sql.remote.RemoteExpression.Like;
import dev.polder.sql.remote.RemoteExpression.Literal;
import java.util.List;
import java.util.Locale;

/** Translates calls of functions and operators that are called by name. */
final class Functions {
  private final Translator translator;

  Functions(Translator translator) {
    this.translator = translator;
  }

  RemoteExpression translate(JsonNode node) {
    String name = Trees.function(node);
    List<JsonNode> arguments = Trees.arguments(node);
    if (node.path("distinct").asBoolean() || !node.path("order_bys").path("orders").isEmpty()) {
      throw new NotPushed("this form of " + name);
    }
    String key = name + "/" + arguments.size();
    return switch (key) {
      case "+/2", "-/2", "*/2" -> new Operations(translator).translate(name, arguments);
      case "~~/2" -> like(arguments, pattern(arguments.get(1)));
      case "!~~/2" -> new RemoteExpression.Not(like(arguments, pattern(arguments.get(1))));
      case "starts_with/2", "prefix/2", "^@/2" -> like(arguments, plain(arguments.get(1)) + "%");
      case "suffix/2", "ends_with/2" -> like(arguments, "%" + plain(arguments.get(1)));
      case "contains/2" -> like(arguments, "%" + plain(arguments.get(1)) + "%");
      case "year/1", "month/1", "day/1" -> part(name, arguments.getFirst());
      case "date_part/2", "datepart/2" -> part(string(arguments.getFirst()), arguments.get(1));
      case "substring/2", "substr/2" -> throw new NotPushed("substring without a length");
      case "substring/3", "substr/3" -> substring(arguments);
      case "length/1", "len/1", "char_length/1", "character_length/1" ->
          new Call(Function.LENGTH, List.of(text(arguments.getFirst())), "BIGINT");
      case "coalesce/2", "ifnull/2" -> coalesce(arguments);
      case "nullif/2" -> nullif(arguments);
      default -> throw new NotPushed("the function " + (name.isEmpty() ? "of a schema" : name));
    };
  }

  private RemoteExpression text(JsonNode node) {
    RemoteExpression value = translator.expression(node);
    if (!value.type().equals(DuckTypes.VARCHAR)) {
      throw new NotPushed("a text function of the type " + value.type());
    }
    return value;
  }

  private RemoteExpression like(List<JsonNode> arguments, String pattern) {
    return new Like(text(arguments.getFirst()), pattern);
  }

  private String string(JsonNode node) {
    return translator.operand(node) instanceof Operand.Fixed(var constant)
            && constant.type().equals(DuckTypes.VARCHAR)
        ? constant.value().toString()
        : notConstant();
  }

  private static String notConstant() {
    throw new NotPushed("a function whose argument is not constant");
  }

  private String pattern(JsonNode node) {
    return string(node);
  }

  private String plain(JsonNode node) {
    String text = string(node);
    if (text.indexOf('%') >= 0 || text.indexOf('_') >= 0) {
      throw new NotPushed("a text search for wildcards");
    }
    return text;
  }

  private RemoteExpression part(String name, JsonNode argument) {
    RemoteExpression value = translator.expression(argument);
    if (!value.type().equals(DuckTypes.DATE) && !value.type().equals(DuckTypes.TIMESTAMP)) {
      throw new NotPushed("a part of the type " + value.type());
    }
    Function function =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "year" -> Function.YEAR;
          case "month" -> Function.MONTH;
          case "day" -> Function.DAY;
          default -> throw new NotPushed("this part of a date");
        };
    return new Call(function, List.of(value), "BIGINT");
  }

  private RemoteExpression substring(List<JsonNode> arguments) {
    RemoteExpression from = translator.expression(arguments.get(1));
    RemoteExpression length = translator.expression(arguments.get(2));
    if (!(from instanceof Literal(Long first, var _) && first >= 1)
        || !(length instanceof Literal(Long count, var _) && count >= 0)) {
      throw new NotPushed("substring by positions that are not constant");
    }
    return new Call(
        Function.SUBSTRING, List.of(text(arguments.getFirst()), from, length), DuckTypes.VARCHAR);
  }

  RemoteExpression coalesce(List<JsonNode> arguments) {
    List<RemoteExpression> values =
        translator.casts().union(arguments.stream().map(translator::operand).toList());
    return new Call(Function.COALESCE, values, values.getFirst().type());
  }

  private RemoteExpression nullif(List<JsonNode> arguments) {
    RemoteExpression value = translator.expression(arguments.getFirst());
    Comparison equal =
        translator
            .casts()
            .compare(
                RemoteExpression.Operator.EQUAL,
                new Operand.Varying(value),
                translator.operand(arguments.get(1)));
    if (!equal.left().equals(value)) {
      throw new NotPushed("nullif of different types");
    }
    return new Call(Function.NULLIF, List.of(value, equal.right()), value.type());
  }
}
