package dev.polder.federation.setup.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polder.federation.setup.internal.Atom.Part;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What ATTACH attaches: often a connection string, {@code host=… password=…}, or an address, {@code
 * postgresql://…}, within which values have to be quoted once more. Used once.
 */
final class ConnectionString {
  private static final Pattern ADDRESS =
      Pattern.compile("(?:[a-z_]+:)*(?:postgres|postgresql|mysql)://.*", Pattern.DOTALL);
  private static final Pattern PREFIX = Pattern.compile("(?:[a-z_]+:)+");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+~,-]+");
  private static final Set<String> BY_STRING = Set.of("postgres", "postgres_scanner", "mysql");

  /** A character as written, or a placeholder. */
  private record Unit(char written, @Nullable Part placeholder) {
    boolean is(char c) {
      return placeholder == null && written == c;
    }

    boolean isBlank() {
      return placeholder == null && Character.isWhitespace(written);
    }

    boolean isKey() {
      return placeholder == null
          && (written == '_' || (written < 128 && Character.isLetterOrDigit(written)));
    }
  }

  private final List<Unit> units = new ArrayList<>();
  private final Function<Part, String> value;
  private final char quote;
  private int at;

  private ConnectionString(List<Part> parts, char quote, Function<Part, String> value) {
    this.quote = quote;
    this.value = value;
    for (Part part : parts) {
      if (part instanceof Part.Text text) {
        text.text().chars().forEach(c -> units.add(new Unit((char) c, null)));
      } else {
        units.add(new Unit(' ', part));
      }
    }
  }

  /**
   * The text with values in it.
   *
   * @param type what is attached, in lower case; empty when that is not told
   */
  static String render(List<Part> parts, String type, Function<Part, String> value, String alias) {
    boolean plain = parts.stream().allMatch(Part.Text.class::isInstance) || parts.size() == 1;
    if (plain) {
      return joined(parts, value);
    }
    String start = parts.getFirst() instanceof Part.Text text ? text.text() : "";
    if (ADDRESS.matcher(start).matches()) {
      return joined(
          parts,
          part -> part instanceof Part.Text ? value.apply(part) : encoded(value.apply(part)));
    }
    Matcher prefix = PREFIX.matcher(start);
    int skip = prefix.lookingAt() ? prefix.end() : 0;
    boolean mysql = type.equals("mysql") || start.substring(0, skip).contains("mysql:");
    ConnectionString string = new ConnectionString(parts, mysql ? '"' : '\'', value);
    String pairs = string.pairs(skip);
    if (pairs != null) {
      return start.substring(0, skip) + pairs;
    }
    if (BY_STRING.contains(type)) {
      throw new PolderException(
          ErrorCode.INVALID_PARAMETER,
          "the connection string in the setupSql of source '"
              + alias
              + "' cannot be read: it must be name=value pairs or an address");
    }
    return joined(parts, value);
  }

  private static String joined(List<Part> parts, Function<Part, String> value) {
    StringBuilder out = new StringBuilder();
    parts.forEach(part -> out.append(value.apply(part)));
    return out.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20").replace("*", "%2A");
  }

  /** The pairs with their values quoted where needed; null when these are no pairs. */
  private @Nullable String pairs(int skip) {
    StringBuilder out = new StringBuilder();
    at = skip;
    for (skipBlanks(); at < units.size(); skipBlanks()) {
      StringBuilder key = new StringBuilder();
      while (at < units.size() && units.get(at).isKey()) {
        key.append(units.get(at++).written());
      }
      skipBlanks();
      if (key.isEmpty() || at >= units.size() || !units.get(at).is('=')) {
        return null;
      }
      at++;
      skipBlanks();
      String text = pairValue();
      if (text == null) {
        return null;
      }
      out.append(out.isEmpty() ? "" : " ").append(key).append('=').append(quoted(text));
    }
    return out.toString();
  }

  private @Nullable String pairValue() {
    StringBuilder text = new StringBuilder();
    boolean quoted = at < units.size() && (units.get(at).is('\'') || units.get(at).is(quote));
    char end = quoted ? units.get(at++).written() : ' ';
    while (at < units.size()) {
      Unit unit = units.get(at++);
      if (quoted ? unit.is(end) : unit.isBlank()) {
        return text.toString();
      }
      if (unit.is('\\') && at < units.size()) {
        unit = units.get(at++);
      }
      text.append(
          unit.placeholder() == null
              ? String.valueOf(unit.written())
              : value.apply(unit.placeholder()));
    }
    return quoted ? null : text.toString();
  }

  private String quoted(String text) {
    if (PLAIN.matcher(text).matches()) {
      return text;
    }
    String escaped = text.replace("\\", "\\\\").replace(String.valueOf(quote), "\\" + quote);
    return quote + escaped + quote;
  }

  private void skipBlanks() {
    while (at < units.size() && units.get(at).isBlank()) {
      at++;
    }
  }

  /** The forms in which a value may come back in a message: as one of the pairs, within SQL. */
  static Set<String> forms(String text) {
    String escaped = text.replace("\\", "\\\\");
    return Stream.of(
            text,
            escaped.replace("'", "\\'"),
            escaped.replace("\"", "\\\""),
            encoded(text),
            text.toLowerCase(Locale.ROOT))
        .flatMap(form -> Stream.of(form, form.replace("'", "''"), form.replace("\"", "\"\"")))
        .collect(Collectors.toSet());
  }
}
