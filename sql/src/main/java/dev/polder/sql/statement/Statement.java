package dev.polder.sql.statement;

import java.util.Locale;

/**
 * One statement as written: names are unresolved and expressions are text. The set is closed, so
 * that whoever runs statements handles each kind. Immutable.
 */
public sealed interface Statement
    permits Query,
        Explain,
        DataStatement,
        DefinitionStatement,
        ShowStatement,
        SessionStatement,
        AdminStatement {
  /**
   * The statement's text after foreign spellings were rewritten; maps positions to the user's text.
   */
  SqlText text();

  /** What kind of statement it is, such as {@code CREATE TABLE}. */
  default String statementKind() {
    return getClass()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toUpperCase(Locale.ROOT);
  }

  /** The text for logs and the audit trail: without passwords. */
  default String redacted() {
    return text().toString();
  }
}
