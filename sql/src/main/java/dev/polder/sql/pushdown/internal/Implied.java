package dev.polder.sql.pushdown.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.sql.remote.RemoteExpression;
import dev.polder.sql.remote.RemoteExpression.Literal;
import dev.polder.sql.remote.RemoteExpression.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a condition over several tables says of one of them. Used by one statement. */
final class Implied {
  private final Translator translator;
  private final List<String> reasons;

  Implied(Translator translator, List<String> reasons) {
    this.translator = translator;
    this.reasons = reasons;
  }

  /** A condition that holds wherever the given one does; empty where nothing is known. */
  Optional<RemoteExpression> of(JsonNode node) {
    return of(node, true);
  }

  private Optional<RemoteExpression> of(JsonNode node, boolean certain) {
    return switch (Trees.text(node, "type")) {
      case "CONJUNCTION_OR" -> attempt(node, certain).or(() -> or(node));
      case "CONJUNCTION_AND" -> {
        List<RemoteExpression> parts = new ArrayList<>();
        node.path("children").forEach(child -> of(child, certain).ifPresent(parts::add));
        yield all(parts);
      }
      case "COMPARE_BETWEEN" -> attempt(node, certain).or(() -> bounds(node, certain));
      default -> attempt(node, certain);
    };
  }

  /** Of a branch that may not be reached only what cannot fail. */
  private Optional<RemoteExpression> or(JsonNode node) {
    List<RemoteExpression> parts = new ArrayList<>();
    for (JsonNode child : node.path("children")) {
      Optional<RemoteExpression> part = of(child, false);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      parts.add(part.get());
    }
    return Optional.of(new RemoteExpression.Or(parts));
  }

  /** One of the bounds when the other is not understood. */
  private Optional<RemoteExpression> bounds(JsonNode node, boolean certain) {
    List<RemoteExpression> parts = new ArrayList<>();
    bound(node, "lower", Operator.GREATER_OR_EQUAL).ifPresent(parts::add);
    bound(node, "upper", Operator.LESS_OR_EQUAL).ifPresent(parts::add);
    parts.removeIf(part -> !certain && Failing.can(part));
    return all(parts);
  }

  private Optional<RemoteExpression> bound(JsonNode node, String bound, Operator operator) {
    try {
      Operand input = translator.operand(node.path("input"));
      Operand value = translator.operand(node.path(bound));
      // A plain text becomes of the type of all three: what the third is must be known.
      return value.isString() && !input.type().equals(DuckTypes.VARCHAR)
          ? Optional.empty()
          : Optional.of(translator.casts().compare(operator, input, value));
    } catch (NotPushed e) {
      reasons.add(e.reason());
      return Optional.empty();
    }
  }

  private static Optional<RemoteExpression> all(List<RemoteExpression> parts) {
    return switch (parts.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(parts.getFirst());
      default -> Optional.of(new RemoteExpression.And(parts));
    };
  }

  private Optional<RemoteExpression> attempt(JsonNode node, boolean certain) {
    try {
      RemoteExpression condition = translator.predicate(node);
      return (!certain && Failing.can(condition)) || condition instanceof Literal
          ? Optional.empty()
          : Optional.of(condition);
    } catch (NotPushed e) {
      reasons.add(e.reason());
      return Optional.empty();
    }
  }
}
