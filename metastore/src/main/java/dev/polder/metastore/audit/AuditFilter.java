package dev.polder.metastore.audit;

import dev.polder.model.LikePattern;
import dev.polder.model.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

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

    private Optional<String> of(AuditRecord record) {
      return switch (this) {
        case EVENT_TYPE -> Optional.of(record.type());
        case USER -> record.principal();
        case TENANT -> record.tenant();
        case OBJECT -> record.object();
        case OUTCOME -> Optional.of(record.outcome());
      };
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

    public boolean holds(long left, long right) {
      return switch (this) {
        case EQUAL -> left == right;
        case LESS -> left < right;
        case AT_MOST -> left <= right;
        case MORE -> left > right;
        case AT_LEAST -> left >= right;
      };
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

    /** The text fits SQL's pattern; case counts. */
    record Like(Field field, String pattern) implements Condition {}

    record Compare(NumberField field, Comparison comparison, long value) implements Condition {}
  }

  /** What the database cannot be relied on to compare. */
  Predicate<AuditRecord> patterns() {
    Predicate<AuditRecord> all = record -> true;
    for (Condition condition : conditions) {
      if (condition instanceof Condition.Like(Field field, String text)) {
        LikePattern pattern = LikePattern.exact(text);
        all = all.and(record -> field.of(record).filter(pattern::matches).isPresent());
      }
    }
    return all;
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
          // SQLite finds ASCII letters of the other case too: those are taken out afterwards.
          sql.append(field.column).append(" LIKE ? ESCAPE '\\'");
          values.add(pattern);
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
