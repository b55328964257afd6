package dev.polder.server.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Set;
import org.jline.utils.WCWidth;
import org.jspecify.annotations.Nullable;

/** The text of values as terminals may show it. */
public final class DisplayText {
  private static final Set<String> NUMERIC =
      Set.of(
          "TINYINT",
          "SMALLINT",
          "INTEGER",
          "BIGINT",
          "HUGEINT",
          "UTINYINT",
          "USMALLINT",
          "UINTEGER",
          "UBIGINT",
          "UHUGEINT",
          "FLOAT",
          "REAL",
          "DOUBLE",
          "DECIMAL",
          "NUMERIC");

  private DisplayText() {}

  /** A cell's text, null for SQL's NULL. Nested values are compact JSON. */
  public static @Nullable String of(JsonNode cell) {
    if (cell.isNull() || cell.isMissingNode()) {
      return null;
    }
    if (cell.isBigDecimal()) {
      return cell.decimalValue().toPlainString();
    }
    return cell.isContainerNode() ? cell.toString() : cell.asText();
  }

  /** Whether values of this SQL type are aligned to the right. */
  public static boolean isNumeric(String type) {
    int end = type.indexOf('(');
    String name = end < 0 ? type : type.substring(0, end);
    return NUMERIC.contains(name.strip().toUpperCase(Locale.ROOT));
  }

  /**
   * The text on one line, with line breaks and control characters made visible: data must not be
   * able to steer the terminal that shows it.
   */
  public static String visible(String text) {
    StringBuilder shown = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT;
      if (!plain && shown == null) {
        shown = new StringBuilder(text.substring(0, i));
      }
      if (shown != null) {
        shown.append(plain ? String.valueOf(c) : escape(c));
      }
    }
    return shown == null ? text : shown.toString();
  }

  /** Columns of a terminal that the text fills. */
  public static int width(String text) {
    return text.codePoints().map(point -> Math.max(0, WCWidth.wcwidth(point))).sum();
  }

  /** The text, cut to the width with … at its end where it is wider. */
  public static String fit(String text, int width) {
    if (width(text) <= width) {
      return text;
    }
    StringBuilder cut = new StringBuilder();
    int used = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      int columns = Math.max(0, WCWidth.wcwidth(point));
      if (used + columns > width - 1) {
        break;
      }
      cut.appendCodePoint(point);
      used += columns;
      i += Character.charCount(point);
    }
    return cut.append('…').toString();
  }

  private static String escape(char c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format(Locale.ROOT, "\\u%04x", (int) c);
    };
  }
}
