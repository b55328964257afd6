package dev.polder.engine.internal.show;

import dev.polder.metastore.audit.AuditFilter;
import dev.polder.metastore.audit.AuditFilter.Comparison;
import dev.polder.metastore.audit.AuditFilter.Condition;
import dev.polder.metastore.audit.AuditFilter.Field;
import dev.polder.metastore.audit.AuditFilter.NumberField;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.statement.AuditCondition;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes the filter of the conditions that a statement names. Stateless. */
final class AuditFilters {
  private static final String FIELDS =
      "event_type, user, tenant, object, outcome, seq, timestamp, since and until";

  private AuditFilters() {}

  static AuditFilter of(List<AuditCondition> conditions, Optional<AuditFilter.Reader> reader) {
    if (conditions.size() > AuditFilter.MAX_CONDITIONS) {
      throw invalid("SHOW AUDIT takes at most " + AuditFilter.MAX_CONDITIONS + " conditions");
    }
    return new AuditFilter(
        conditions.stream().map(AuditFilters::condition).sorted(ORDER).toList(), reader);
  }

  /** One order for all spellings, so that there are few different queries. */
  private static final java.util.Comparator<Condition> ORDER =
      java.util.Comparator.comparing(condition -> condition.getClass().getSimpleName());

  private static Condition condition(AuditCondition condition) {
    return switch (condition) {
      case AuditCondition.Among(String name, List<String> values) -> {
        if (values.size() > AuditFilter.MAX_VALUES) {
          throw invalid("IN takes at most " + AuditFilter.MAX_VALUES + " values here");
        }
        Field field = field(name);
        yield new Condition.In(field, values.stream().map(value -> value(field, value)).toList());
      }
      case AuditCondition.Like(String name, String pattern) ->
          new Condition.Like(field(name), pattern(pattern));
      case AuditCondition.Place(String name, String sign, long value) ->
          new Condition.Compare(NumberField.SEQ, comparison(sign), value);
      case AuditCondition.Time(String name, String sign, long micros) ->
          new Condition.Compare(NumberField.TIMESTAMP, time(name, sign), micros);
    };
  }

  private static Field field(String name) {
    return switch (name) {
      case "event_type" -> Field.EVENT_TYPE;
      case "user", "principal" -> Field.USER;
      case "tenant" -> Field.TENANT;
      case "object" -> Field.OBJECT;
      case "outcome" -> Field.OUTCOME;
      default -> throw invalid("the audit trail has no field '" + name + "'; it has " + FIELDS);
    };
  }

  /** Closed lists are checked, so that a slip of the pen does not look like an empty trail. */
  private static String value(Field field, String value) {
    return switch (field) {
      case EVENT_TYPE ->
          EventType.parse(value)
              .map(EventType::word)
              .orElseThrow(() ->
                  invalid(
                      "there is no event_type '"
                          + value
                          + "'; there are "
                          + Arrays.stream(EventType.values())
                              .map(EventType::word)
                              .collect(Collectors.joining(", "))));
      case OUTCOME -> {
        String outcome = value.toUpperCase(Locale.ROOT);
        if (Arrays.stream(AuditOutcome.values()).noneMatch(it -> it.name().equals(outcome))) {
          throw invalid("an outcome is success, denied or failed, not '" + value + "'");
        }
        yield outcome;
      }
      case USER, TENANT, OBJECT -> value;
    };
  }

  /** PostgreSQL refuses a pattern that ends within an escape; SQLite finds nothing. */
  private static String pattern(String pattern) {
    int escapes = pattern.length() - pattern.replaceAll("\\\\+$", "").length();
    if (escapes % 2 == 1) {
      throw invalid("a LIKE pattern cannot end with a single \\; write \\\\ for the character");
    }
    return pattern;
  }

  private static Comparison time(String name, String sign) {
    if (name.equals("timestamp")) {
      return comparison(sign);
    }
    if (!sign.equals("=")) {
      throw invalid("write " + name + " = '…', or compare timestamp");
    }
    return name.equals("since") ? Comparison.AT_LEAST : Comparison.AT_MOST;
  }

  private static Comparison comparison(String sign) {
    return switch (sign) {
      case "=" -> Comparison.EQUAL;
      case "<" -> Comparison.LESS;
      case "<=" -> Comparison.AT_MOST;
      case ">" -> Comparison.MORE;
      case ">=" -> Comparison.AT_LEAST;
      default -> throw invalid("unknown comparison " + sign);
    };
  }

  private static PolderException invalid(String message) {
    return new PolderException(ErrorCode.INVALID_PARAMETER, message);
  }
}
