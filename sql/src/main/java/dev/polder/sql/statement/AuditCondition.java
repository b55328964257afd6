package dev.polder.sql.statement;

import java.util.List;

/** A condition of SHOW AUDIT, its field as written. Immutable. */
public sealed interface AuditCondition {
  String field();

  /** The text is one of these. */
  record Among(String field, List<String> values) implements AuditCondition {
    public Among {
      values = List.copyOf(values);
    }
  }

  record Like(String field, String pattern) implements AuditCondition {}

  /**
   * Compares places in the chain.
   *
   * @param operator {@code =}, {@code <}, {@code <=}, {@code >} or {@code >=}
   */
  record Place(String field, String operator, long value) implements AuditCondition {}

  /**
   * Compares times.
   *
   * @param operator {@code =}, {@code <}, {@code <=}, {@code >} or {@code >=}
   * @param micros since the epoch
   */
  record Time(String field, String operator, long micros) implements AuditCondition {}
}
