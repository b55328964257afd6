package dev.polder.sql.parse.internal;

import dev.polder.model.ErrorCode;
import dev.polder.sql.parse.internal.admin.AdminParser.*;
import dev.polder.sql.statement.AuditCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.jspecify.annotations.Nullable;

/** Reads the conditions of SHOW AUDIT. For one statement. */
final class AuditConditions {
  private static final Set<String> COMPARISONS = Set.of("=", "<", "<=", ">", ">=");
  private static final Set<String> TIMES = Set.of("timestamp", "since", "until");
  private static final String SEQ = "seq";

  private final AdminParts parts;

  AuditConditions(AdminParts parts) {
    this.parts = parts;
  }

  List<AuditCondition> of(@Nullable AuditFilterContext filter) {
    return filter == null
        ? List.of()
        : filter.auditCondition().stream().map(this::condition).toList();
  }

  private AuditCondition condition(AuditConditionContext condition) {
    return switch (condition) {
      case AuditAmongContext c ->
          new AuditCondition.Among(
              field(c.name()), c.literal().stream().map(parts::plain).toList());
      case AuditLikeContext c -> new AuditCondition.Like(field(c.name()), parts.string(c.STRING()));
      default -> compared((AuditComparedContext) condition);
    };
  }

  private AuditCondition compared(AuditComparedContext c) {
    String field = field(c.name());
    String operator = c.comparison.getText();
    if (!COMPARISONS.contains(operator)) {
      throw parts.error(
          ErrorCode.SYNTAX_ERROR, "write the condition with =, <, <=, >, >=, IN or LIKE", c);
    }
    String value = parts.plain(c.literal());
    if (TIMES.contains(field)) {
      return new AuditCondition.Time(field, operator, micros(c.literal(), value));
    }
    if (field.equals(SEQ)) {
      return new AuditCondition.Place(field, operator, number(c.literal(), value));
    }
    if (!operator.equals("=")) {
      throw parts.error(
          ErrorCode.SYNTAX_ERROR, "only seq and timestamp can be compared with " + operator, c);
    }
    return new AuditCondition.Among(field, List.of(value));
  }

  private String field(NameContext name) {
    return parts.name(name).toLowerCase(Locale.ROOT);
  }

  private long micros(LiteralContext at, String value) {
    Optional<Instant> instant =
        at.NUMBER() == null
            ? Expiries.instantOf(value)
            : Optional.of(Instant.ofEpochMilli(number(at, value)));
    return instant
        .map(time -> ChronoUnit.MICROS.between(Instant.EPOCH, time))
        .orElseThrow(() ->
            parts.error(
                ErrorCode.SYNTAX_ERROR,
                "write the time as '2030-01-31 12:00:00+00' or in milliseconds",
                at));
  }

  private long number(ParserRuleContext at, String value) {
    if (!value.matches("[0-9]{1,18}")) {
      throw parts.error(ErrorCode.SYNTAX_ERROR, "'" + value + "' is not a whole number", at);
    }
    return Long.parseLong(value);
  }
}
