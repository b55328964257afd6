package dev.polder.sql.parse.internal;

import dev.polder.model.ErrorCode;
import dev.polder.sql.parse.Token;
import dev.polder.sql.statement.ColumnDefinition;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.TypeName;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A column's definition, its default, and lists of properties. */
final class ColumnGrammar {
  private final Cursor cursor;

  ColumnGrammar(Cursor cursor) {
    this.cursor = cursor;
  }

  ColumnDefinition column(String name) {
    TypeName type = new TypeGrammar(cursor).type();
    boolean notNull = false;
    Optional<SqlText> value = Optional.empty();
    Optional<String> comment = Optional.empty();
    while (!cursor.atEnd() && !cursor.at(",") && !cursor.at(")")) {
      if (cursor.accept("NOT", "NULL")) {
        notNull = true;
      } else if (cursor.accept("NULL")) {
        notNull = false;
      } else if (cursor.accept("DEFAULT")) {
        value = Optional.of(defaultValue());
      } else if (cursor.accept("COMMENT")) {
        comment = Optional.of(cursor.string("a comment in quotes"));
      } else if (cursor.at("FIRST") || cursor.at("AFTER")) {
        break;
      } else {
        refuseConstraint();
        throw cursor.unexpected("NOT NULL, DEFAULT, COMMENT, \",\" or \")\"");
      }
    }
    return new ColumnDefinition(name, type, notNull, value, comment);
  }

  /** Refuses the constraints that tables cannot have, by name. */
  void refuseConstraint() {
    String what =
        switch (cursor.word(0)) {
          case "PRIMARY" -> cursor.is(1, "KEY") ? "PRIMARY KEY" : "";
          case "UNIQUE" -> "UNIQUE";
          case "CHECK" -> cursor.is(1, "(") ? "CHECK" : "";
          case "FOREIGN" -> cursor.is(1, "KEY") ? "FOREIGN KEY" : "";
          case "REFERENCES" -> "REFERENCES";
          case "CONSTRAINT" -> "CONSTRAINT";
          case "GENERATED" -> "GENERATED";
          case "COLLATE" -> "COLLATE";
          case "USING" -> cursor.is(1, "COMPRESSION") ? "USING COMPRESSION" : "";
          case "AS" -> cursor.is(1, "(") ? "a generated column" : "";
          default -> "";
        };
    if (!what.isEmpty()) {
      throw cursor.notSupported(what + " is not supported in tables");
    }
  }

  /** A literal: with a sign, with a type before it, or cast. */
  SqlText defaultValue() {
    int from = cursor.index();
    boolean sign = cursor.accept("-") || cursor.accept("+");
    Token token = cursor.token(0);
    switch (token.kind()) {
      case NUMBER -> cursor.next();
      case STRING, ESCAPE_STRING, DOLLAR_STRING -> {
        if (sign) {
          throw literalOnly();
        }
        cursor.next();
      }
      case WORD -> word(sign);
      case QUOTED, PARAMETER, OPERATOR, PUNCTUATION, END -> throw literalOnly();
    }
    while (cursor.accept("::")) {
      new TypeGrammar(cursor).type();
    }
    if (cursor.token(0).kind() == Token.Kind.OPERATOR || cursor.at("(")) {
      throw literalOnly();
    }
    return cursor.sliceFrom(from);
  }

  private void word(boolean sign) {
    switch (cursor.word(0)) {
      case "TRUE", "FALSE", "NULL" -> {
        if (sign) {
          throw literalOnly();
        }
        cursor.next();
      }
      default -> {
        if (sign || !cursor.token(1).isString()) {
          throw literalOnly();
        }
        new TypeGrammar(cursor).type();
        cursor.next();
      }
    }
  }

  private RuntimeException literalOnly() {
    return cursor.notSupported("only a literal can be a column's default");
  }

  /** {@code ('key' = 'value', …)}; keys may also be words with dots, values numbers and words. */
  Map<String, String> properties() {
    cursor.expect("(");
    Map<String, String> properties = new LinkedHashMap<>();
    do {
      int start = cursor.token(0).start();
      String key = key();
      cursor.expect("=");
      if (properties.put(key, value()) != null) {
        throw cursor.error(
            ErrorCode.SYNTAX_ERROR, "the property '" + key + "' is named twice", start);
      }
    } while (cursor.accept(","));
    cursor.expect(")");
    return properties;
  }

  String key() {
    return cursor.token(0).isString()
        ? cursor.string("a property")
        : String.join(".", cursor.path("a property"));
  }

  private String value() {
    Token token = cursor.token(0);
    return switch (token.kind()) {
      case STRING, ESCAPE_STRING, DOLLAR_STRING -> cursor.string("a value");
      case NUMBER -> cursor.raw(cursor.next());
      case WORD -> cursor.raw(cursor.next()).toLowerCase(Locale.ROOT);
      case QUOTED, PARAMETER, OPERATOR, PUNCTUATION, END -> throw cursor.unexpected("a value");
    };
  }
}
