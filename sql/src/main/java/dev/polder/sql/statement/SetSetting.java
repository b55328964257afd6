package dev.polder.sql.statement;

import java.util.Optional;

/**
 * SET name = value.
 *
 * @param name lower-cased
 * @param value the value as text: a string's content, a number or a word as written; empty for
 *     {@code DEFAULT}
 */
public record SetSetting(SqlText text, Scope scope, String name, Optional<String> value)
    implements SessionStatement {
  /** The word after SET; {@code SESSION} when there is none. */
  public enum Scope {
    SESSION,
    LOCAL,
    GLOBAL
  }
}
