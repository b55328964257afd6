package dev.polder.door.http.internal.result;

import java.util.ArrayList;
import java.util.List;

/**
 * A type as DuckDB writes it, taken apart as far as encoding needs: some types share one Arrow type
 * and differ in name alone. Immutable.
 *
 * @param children of a list or array its element, of a map key and value, of a struct or union the
 *     fields in order; empty for scalars
 */
record DuckType(String name, List<DuckType> children) {
  static DuckType parse(String text) {
    String type = text.strip();
    if (type.endsWith("]")) {
      int open = type.lastIndexOf('[');
      return new DuckType("LIST", List.of(parse(type.substring(0, open))));
    }
    int paren = type.indexOf('(');
    if (paren < 0 || !type.endsWith(")")) {
      return new DuckType(type, List.of());
    }
    String name = type.substring(0, paren).strip();
    List<String> parts = parts(type.substring(paren + 1, type.length() - 1));
    return switch (name) {
      case "MAP" -> new DuckType(name, parts.stream().map(DuckType::parse).toList());
      case "STRUCT", "UNION" ->
          new DuckType(
              name, parts.stream().map(DuckType::withoutName).map(DuckType::parse).toList());
      default -> new DuckType(name, List.of());
    };
  }

  DuckType child(int index) {
    return index < children.size() ? children.get(index) : new DuckType("UNKNOWN", List.of());
  }

  private static String withoutName(String field) {
    String text = field.strip();
    int end = 0;
    if (text.startsWith("\"")) {
      end = 1;
      while (end < text.length()
          && (text.charAt(end) != '"'
              || (end + 1 < text.length() && text.charAt(end + 1) == '"'))) {
        end += text.charAt(end) == '"' ? 2 : 1;
      }
      end++;
    } else {
      end = Math.max(text.indexOf(' '), 0);
    }
    return text.substring(Math.min(end, text.length()));
  }

  /** Splits at commas outside of parentheses and quotes. */
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    char quote = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        depth--;
      } else if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }
}
