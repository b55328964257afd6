package dev.polder.metastore.audit;

import dev.polder.model.TenantId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which records are wanted: those that all conditions hold for. Immutable.
 *
 * @param tenant leaves out what is another tenant's; empty: nobody's is left out
 */
public record AuditFilter(List<Condition> conditions, Optional<Reader> tenant) {
  /** More would let the number of different queries grow without need. */
  public static final int MAX_CONDITIONS = 8;

  public static final int MAX_VALUES = 20;

  public AuditFilter {
    conditions = List.copyOf(conditions);
  }

  /**
   * A reader that belongs to a tenant.
   *
   * @param alone whether records that name no tenant are left out too
   */
  public record Reader(TenantId tenant, boolean alone) {}

  /** What a condition is about: a column with a text. */
  public enum Field {
    EVENT_TYPE("event_type"),
    USER("principal"),
    TENANT("tenant"),
    OBJECT("object"),
    OUTCOME("outcome");

    private final String column;

    Field(String column) {
      this.column = column;
    }
  }

  /** What a condition is about: a column with a number. */
  public enum NumberField {
    SEQ("seq"),
    /** In microseconds since the epoch. */
    TIMESTAMP("at");

    private final String column;

    NumberField(String column) {
      this.column = column;
    }
  }

  /** How numbers compare. */
  public enum Comparison {
    EQUAL("="),
    LESS("<"),
    AT_MOST("<="),
    MORE(">"),
    AT_LEAST(">=");

    private final String sign;

    Comparison(String sign) {
      this.sign = sign;
    }
  }

  /** One condition. */
  public sealed interface Condition {
    /** The text is one of these. */
    record In(Field field, List<String> values) implements Condition {
      public In {
        values = List.copyOf(values);
      }
    }

    /** The text fits SQL's pattern, whatever the case. */
    record Like(Field field, String pattern) implements Condition {}

    record Compare(NumberField field, Comparison comparison, long value) implements Condition {}
  }

  /** The conditions in SQL, each beginning with AND; the values go to the list. */
  String sql(List<Object> values) {
    StringBuilder sql = new StringBuilder();
    for (Condition condition : conditions) {
      sql.append(" AND ");
      switch (condition) {
        case Condition.In(Field field, List<String> wanted) -> {
          sql.append(field.column)
              .append(" IN (")
              .append(String.join(", ", wanted.stream().map(value -> "?").toList()))
              .append(")");
          values.addAll(wanted);
        }
        case Condition.Like(Field field, String pattern) -> {
          sql.append("lower(").append(field.column).append(") LIKE ? ESCAPE '\\'");
          values.add(pattern.toLowerCase(Locale.ROOT));
        }
        case Condition.Compare(NumberField field, Comparison comparison, long value) -> {
          sql.append(field.column).append(" ").append(comparison.sign).append(" ?");
          values.add(value);
        }
      }
    }
    tenant.ifPresent(reader -> {
      sql.append(reader.alone() ? " AND tenant = ?" : " AND (tenant = ? OR tenant IS NULL)");
      values.add(reader.tenant());
    });
    return sql.toString();
  }
}
