package dev.polder.door.flight.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** The Arrow type behind each of DuckDB's type names; text for those that Arrow has no type for. */
final class DuckTypes {
  private static final ArrowType TEXT = ArrowType.Utf8.INSTANCE;
  private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),\\s*(\\d+)\\)");
  private static final Pattern ARRAY = Pattern.compile("(.*)\\[(\\d+)]", Pattern.DOTALL);
  private static final int DEEPEST = 64;

  private DuckTypes() {}

  static Field field(String name, String type, boolean nullable, Map<String, String> metadata) {
    return field(name, type.strip(), nullable, metadata, 0);
  }

  private static Field field(
      String name, String type, boolean nullable, Map<String, String> metadata, int depth) {
    String upper = type.toUpperCase(Locale.ROOT);
    Matcher array = ARRAY.matcher(type);
    if (depth > DEEPEST) {
      return make(name, TEXT, nullable, metadata, List.of());
    }
    if (type.endsWith("[]")) {
      String element = type.substring(0, type.length() - 2);
      return make(
          name, ArrowType.List.INSTANCE, nullable, metadata, List.of(child("l", element, depth)));
    }
    if (array.matches()) {
      return make(
          name,
          new ArrowType.FixedSizeList(Integer.parseInt(array.group(2))),
          nullable,
          metadata,
          List.of(child("l", array.group(1), depth)));
    }
    if (upper.startsWith("STRUCT(") && upper.endsWith(")")) {
      List<Field> children = new ArrayList<>();
      for (String part : parts(type.substring(7, type.length() - 1))) {
        int end = nameEnd(part);
        children.add(child(unquote(part.substring(0, end)), part.substring(end).strip(), depth));
      }
      return make(name, ArrowType.Struct.INSTANCE, nullable, metadata, children);
    }
    if (upper.startsWith("MAP(") && upper.endsWith(")")) {
      List<String> parts = parts(type.substring(4, type.length() - 1));
      if (parts.size() == 2) {
        Field key = field("key", parts.getFirst(), false, Map.of(), depth + 1);
        Field entries =
            make(
                "entries",
                ArrowType.Struct.INSTANCE,
                false,
                Map.of(),
                List.of(key, child("value", parts.getLast(), depth)));
        return make(name, new ArrowType.Map(false), nullable, metadata, List.of(entries));
      }
    }
    return make(name, scalar(upper), nullable, metadata, List.of());
  }

  private static Field child(String name, String type, int depth) {
    return field(name, type.strip(), true, Map.of(), depth + 1);
  }

  private static Field make(
      String name,
      ArrowType type,
      boolean nullable,
      Map<String, String> metadata,
      List<Field> children) {
    return new Field(name, new FieldType(nullable, type, null, metadata), children);
  }

  private static ArrowType scalar(String type) {
    Matcher decimal = DECIMAL.matcher(type);
    if (decimal.matches()) {
      return new ArrowType.Decimal(
          Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)), 128);
    }
    return switch (type) {
      case "BOOLEAN" -> ArrowType.Bool.INSTANCE;
      case "TINYINT" -> new ArrowType.Int(8, true);
      case "SMALLINT" -> new ArrowType.Int(16, true);
      case "INTEGER" -> new ArrowType.Int(32, true);
      case "BIGINT" -> new ArrowType.Int(64, true);
      case "UTINYINT" -> new ArrowType.Int(8, false);
      case "USMALLINT" -> new ArrowType.Int(16, false);
      case "UINTEGER" -> new ArrowType.Int(32, false);
      case "UBIGINT" -> new ArrowType.Int(64, false);
      case "HUGEINT" -> new ArrowType.Decimal(38, 0, 128);
      case "FLOAT" -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
      case "DOUBLE" -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
      case "DECIMAL" -> new ArrowType.Decimal(18, 3, 128);
      case "DATE" -> new ArrowType.Date(DateUnit.DAY);
      case "TIME" -> new ArrowType.Time(TimeUnit.MICROSECOND, 64);
      case "TIME_NS" -> new ArrowType.Time(TimeUnit.NANOSECOND, 64);
      case "TIMESTAMP" -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, null);
      case "TIMESTAMP_S" -> new ArrowType.Timestamp(TimeUnit.SECOND, null);
      case "TIMESTAMP_MS" -> new ArrowType.Timestamp(TimeUnit.MILLISECOND, null);
      case "TIMESTAMP_NS" -> new ArrowType.Timestamp(TimeUnit.NANOSECOND, null);
      case "TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ" ->
          new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
      case "INTERVAL" -> new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO);
      case "BLOB", "BIT" -> ArrowType.Binary.INSTANCE;
      case "NULL", "\"NULL\"" -> ArrowType.Null.INSTANCE;
      default -> TEXT;
    };
  }

  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\'') {
        quoted = !quoted;
      } else if (!quoted && c == '(') {
        depth++;
      } else if (!quoted && c == ')') {
        depth--;
      } else if (!quoted && depth == 0 && c == ',') {
        parts.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    parts.add(text.substring(start).strip());
    return parts;
  }

  private static int nameEnd(String part) {
    if (part.startsWith("\"")) {
      int end = 1;
      while (end < part.length()) {
        if (part.charAt(end) == '"') {
          if (end + 1 < part.length() && part.charAt(end + 1) == '"') {
            end++;
          } else {
            return end + 1;
          }
        }
        end++;
      }
      return part.length();
    }
    int space = part.indexOf(' ');
    return space < 0 ? part.length() : space;
  }

  private static String unquote(String name) {
    return name.startsWith("\"") && name.endsWith("\"") && name.length() > 1
        ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
        : name;
  }
}
