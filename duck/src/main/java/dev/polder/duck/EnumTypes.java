package dev.polder.duck;

import java.util.ArrayList;
import java.util.List;

/**
 * ENUM in the names of types. Arrow encodes it by dictionaries, which no client is sent: results
 * carry the values' texts instead. Stateless.
 */
final class EnumTypes {
  private static final String ENUM = "ENUM";

  private EnumTypes() {}

  static boolean in(List<ResultColumn> columns) {
    return columns.stream()
        .anyMatch(column -> !asText(column.duckType()).equals(column.duckType()));
  }

  /** The query with VARCHAR in the place of every ENUM, also inside of nested types. */
  static String asText(String sql, List<ResultColumn> columns) {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String name = "c" + i;
      String type = columns.get(i).duckType();
      String text = asText(type);
      names.add(name);
      values.add(
          (text.equals(type) ? "q." + name : "CAST(q." + name + " AS " + text + ")")
              + " AS "
              + Sql.identifier(columns.get(i).name()));
    }
    return "SELECT "
        + String.join(", ", values)
        + " FROM ("
        + sql
        + "\n) AS q("
        + String.join(", ", names)
        + ")";
  }

  /** The type's name with VARCHAR for each ENUM. */
  static String asText(String type) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < type.length()) {
      char c = type.charAt(at);
      if (c == '\'' || c == '"') {
        int end = quotedEnd(type, at);
        text.append(type, at, end);
        at = end;
      } else if (isEnum(type, at)) {
        at += ENUM.length();
        // The driver names the values in some places and leaves them out in others.
        at = at < type.length() && type.charAt(at) == '(' ? listEnd(type, at + 1) : at;
        text.append("VARCHAR");
      } else {
        text.append(c);
        at++;
      }
    }
    return text.toString();
  }

  private static boolean isEnum(String type, int at) {
    int end = at + ENUM.length();
    return type.startsWith(ENUM, at)
        && (at == 0 || !Character.isJavaIdentifierPart(type.charAt(at - 1)))
        && (end == type.length() || !Character.isJavaIdentifierPart(type.charAt(end)))
        && !isFieldName(type, end);
  }

  /** A struct's field may have that name: then its type follows after a blank. */
  private static boolean isFieldName(String type, int end) {
    return end < type.length() && type.charAt(end) == ' ';
  }

  private static int listEnd(String type, int start) {
    int at = start;
    while (at < type.length() && type.charAt(at) != ')') {
      at = type.charAt(at) == '\'' ? quotedEnd(type, at) : at + 1;
    }
    return Math.min(at + 1, type.length());
  }

  /** Where quoted text ends; a doubled quote begins another one, which is just as good. */
  private static int quotedEnd(String type, int start) {
    int end = type.indexOf(type.charAt(start), start + 1);
    return end < 0 ? type.length() : end + 1;
  }
}
