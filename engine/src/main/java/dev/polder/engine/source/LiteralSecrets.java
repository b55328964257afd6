package dev.polder.engine.source;

import dev.polder.metastore.source.SourceDefinition;
import dev.polder.model.PolderException;
import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds credentials that stand literally in a definition, where a secret's name should, and blots
 * them out. In SQL they are the strings after words such as PASSWORD; in any text the values of
 * such keys and what stands before the host of an address. Stateless.
 */
final class LiteralSecrets {
  static final String REDACTED = "***REDACTED***";

  private static final String KEYS =
      "(?:[a-z0-9_]*(?:password|passwd|passphrase|pwd|secret|secret_key|token|access_key|account_key"
          + "|api_key|apikey|private_key|encryption_key|credential|credentials)|key_id|sas)";
  private static final Pattern KEY = Pattern.compile(KEYS, Pattern.CASE_INSENSITIVE);
  private static final Pattern PLACEHOLDERS =
      Pattern.compile("\\s*(?:\\{\\{secret\\.[A-Za-z0-9_]+\\}\\}|\\{\\{alias\\}\\})?\\s*");
  private static final Pattern ASSIGNED =
      Pattern.compile(
          "(?<![A-Za-z0-9_])("
              + KEYS.replace("_", "[_-]?")
              + "\\s*=\\s*)('[^']*'|\"[^\"]*\"|\\{(?!\\{)[^}]*\\}|[^\\s;&,'\")]+)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern USER_INFO =
      Pattern.compile("(://[^\\s/@:'\"]*:)([^\\s/@'\"]+)(?=@)");

  private LiteralSecrets() {}

  static boolean in(SourceDefinition definition) {
    return !redacted(definition).equals(definition);
  }

  /** The definition with each literal secret blotted out. */
  static SourceDefinition redacted(SourceDefinition definition) {
    Map<String, String> properties = new HashMap<>();
    definition.properties().forEach((name, value) -> properties.put(name, property(name, value)));
    return new SourceDefinition(
        definition.alias(),
        definition.description(),
        definition.setupSql().map(LiteralSecrets::sql),
        definition.connector(),
        properties,
        definition.readOnly(),
        definition.disabled(),
        definition.allowInlineSecrets(),
        definition.onStartFailure(),
        definition.extensionDirectory());
  }

  private static String property(String name, String value) {
    String key = name.replace('-', '_').replace('.', '_');
    return KEY.matcher(key).matches() && !isPlaceholder(value) && !isReference(key)
        ? REDACTED
        : text(value);
  }

  /** Where a credential lies is none. */
  private static boolean isReference(String key) {
    return key.toLowerCase(Locale.ROOT).equals("key_id");
  }

  static String sql(String sql) {
    List<Token> tokens;
    try {
      tokens = Lexer.tokens(sql);
    } catch (PolderException unreadable) {
      // DuckDB will not run it either; nothing of it is shown.
      return REDACTED;
    }
    StringBuilder shown = new StringBuilder();
    int end = 0;
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (!token.isString()) {
        continue;
      }
      boolean credential = isAfterKey(tokens, i) && !isPlaceholder(token.value());
      String within = text(token.value());
      if (credential || !within.equals(token.value())) {
        shown.append(sql, end, token.start());
        shown.append('\'').append(credential ? REDACTED : within.replace("'", "''")).append('\'');
        end = token.end();
      }
    }
    return shown.append(sql, end, sql.length()).toString();
  }

  /** The word before the string, past signs that assign. */
  private static boolean isAfterKey(List<Token> tokens, int string) {
    int before = string - 1;
    while (before >= 0 && isAssignment(tokens.get(before).text())) {
      before--;
    }
    // Of one string after another the first is part of the same value.
    if (before >= 1 && tokens.get(before).text().equals("||")) {
      return isAfterKey(tokens, before - 1);
    }
    if (before < 0) {
      return false;
    }
    Token token = tokens.get(before);
    boolean names =
        switch (token.kind()) {
          case WORD, QUOTED -> true;
          case STRING, ESCAPE_STRING, DOLLAR_STRING -> before < string - 1;
          case NUMBER, PARAMETER, OPERATOR, PUNCTUATION, END -> false;
        };
    return names && KEY.matcher(token.value()).matches();
  }

  private static boolean isAssignment(String text) {
    return switch (text) {
      case "=", ":", ":=", "=>", "(" -> true;
      default -> false;
    };
  }

  private static boolean isPlaceholder(String value) {
    return PLACEHOLDERS.matcher(value).matches();
  }

  private static String text(String text) {
    return blotted(USER_INFO, blotted(ASSIGNED, text));
  }

  private static String blotted(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    StringBuilder shown = new StringBuilder();
    while (matcher.find()) {
      String value = matcher.group(2);
      boolean plain = isPlaceholder(unquoted(value));
      matcher.appendReplacement(
          shown, Matcher.quoteReplacement(plain ? matcher.group() : matcher.group(1) + REDACTED));
    }
    return matcher.appendTail(shown).toString();
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() > 1
            && (value.charAt(0) == '\'' || value.charAt(0) == '"')
            && value.charAt(0) == value.charAt(value.length() - 1);
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
