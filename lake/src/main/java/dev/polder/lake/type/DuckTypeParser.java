package dev.polder.lake.type;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Reads a type as DuckDB writes it and gives the Iceberg type that holds its values; see {@link
 * IcebergTypes} for what is widened. Nested fields get ids counted on from the first free one. For
 * one type; not thread-safe.
 */
public final class DuckTypeParser {
  private static final int MAX_PRECISION = 38;

  private final String text;
  private final int formatVersion;
  private final Consumer<String> widened;
  private int position;
  private int nextId;

  /**
   * Prepares to read one type.
   *
   * @param firstId id of the first nested field
   * @param widened told in words what was widened
   */
  public DuckTypeParser(String text, int formatVersion, int firstId, Consumer<String> widened) {
    this.text = text;
    this.formatVersion = formatVersion;
    this.nextId = firstId;
    this.widened = widened;
  }

  /** Reads the whole text. */
  public Type parse() {
    Type type = type();
    skipSpace();
    if (position < text.length()) {
      throw unknown();
    }
    return type;
  }

  /** The first id that is free after {@link #parse}. */
  public int nextId() {
    return nextId;
  }

  private Type type() {
    Type type = base();
    while (take('[')) {
      skipSpace();
      int start = position;
      while (position < text.length() && Character.isDigit(text.charAt(position))) {
        position++;
      }
      if (position > start) {
        widened.accept(text + " is stored as a list without fixed length");
      }
      require(']');
      type = Types.ListType.ofOptional(nextId++, type);
    }
    return type;
  }

  private Type base() {
    String word = word().toUpperCase(Locale.ROOT);
    return switch (word) {
      case "BOOLEAN", "BOOL", "LOGICAL" -> Types.BooleanType.get();
      case "INTEGER", "INT", "INT4", "SIGNED" -> Types.IntegerType.get();
      case "NULL" -> Types.IntegerType.get();
      case "TINYINT",
          "INT1",
          "SMALLINT",
          "INT2",
          "SHORT",
          "UTINYINT",
          "USMALLINT",
          "UINT8",
          "UINT16" ->
          widen(word, "INTEGER", Types.IntegerType.get());
      case "BIGINT", "INT8", "LONG" -> Types.LongType.get();
      case "UINTEGER", "UINT32" -> widen(word, "BIGINT", Types.LongType.get());
      case "UBIGINT", "UINT64" -> widen(word, "DECIMAL(20,0)", Types.DecimalType.of(20, 0));
      case "HUGEINT", "INT128" -> widen(word, "DECIMAL(38,0)", Types.DecimalType.of(38, 0));
      case "FLOAT", "FLOAT4", "REAL" -> Types.FloatType.get();
      case "DOUBLE", "FLOAT8" -> {
        takeWords("PRECISION");
        yield Types.DoubleType.get();
      }
      case "DECIMAL", "NUMERIC", "DEC" -> decimal();
      case "DATE" -> Types.DateType.get();
      case "TIME" -> {
        if (zone()) {
          throw refused("TIME WITH TIME ZONE");
        }
        yield Types.TimeType.get();
      }
      case "TIMESTAMP", "DATETIME", "TIMESTAMP_US" ->
          zone() ? Types.TimestampType.withZone() : Types.TimestampType.withoutZone();
      case "TIMESTAMPTZ" -> Types.TimestampType.withZone();
      case "TIMESTAMP_S", "TIMESTAMP_MS" ->
          widen(word, "TIMESTAMP", Types.TimestampType.withoutZone());
      case "TIMESTAMP_NS" -> {
        if (formatVersion < 3) {
          throw new PolderException(
              ErrorCode.NOT_SUPPORTED,
              "TIMESTAMP_NS needs a table of format version 3: set 'format-version' = '3' or use"
                  + " TIMESTAMP");
        }
        yield Types.TimestampNanoType.withoutZone();
      }
      case "VARCHAR", "TEXT", "STRING", "CHAR", "BPCHAR", "CHARACTER" -> {
        takeWords("VARYING");
        skipArguments();
        yield Types.StringType.get();
      }
      case "JSON" -> widen(word, "VARCHAR", Types.StringType.get());
      case "ENUM" -> {
        skipArguments();
        yield widen(word, "VARCHAR", Types.StringType.get());
      }
      case "BLOB", "BYTEA", "BINARY", "VARBINARY" -> Types.BinaryType.get();
      case "UUID", "GUID" -> Types.UUIDType.get();
      case "STRUCT", "ROW" -> struct();
      case "MAP" -> {
        require('(');
        Type key = type();
        require(',');
        Type value = type();
        require(')');
        int keyId = nextId++;
        yield Types.MapType.ofOptional(keyId, nextId++, key, value);
      }
      default -> throw refused(word);
    };
  }

  private Type struct() {
    require('(');
    List<Types.NestedField> fields = new ArrayList<>();
    do {
      String name = word();
      Type type = type();
      fields.add(Types.NestedField.optional(nextId++, name, type));
    } while (take(','));
    require(')');
    return Types.StructType.of(fields);
  }

  private Type decimal() {
    if (!take('(')) {
      return Types.DecimalType.of(18, 3);
    }
    int precision = number();
    int scale = take(',') ? number() : 0;
    require(')');
    if (precision == 0 || precision > MAX_PRECISION || scale > precision) {
      throw unknown();
    }
    return Types.DecimalType.of(precision, scale);
  }

  private int number() {
    String digits = word();
    if (!digits.matches("[0-9]{1,3}")) {
      throw unknown();
    }
    return Integer.parseInt(digits);
  }

  private boolean zone() {
    if (takeWords("WITH", "TIME", "ZONE")) {
      return true;
    }
    takeWords("WITHOUT", "TIME", "ZONE");
    return false;
  }

  private Type widen(String from, String to, Type type) {
    widened.accept(from + " is stored as " + to);
    return type;
  }

  private PolderException refused(String word) {
    return new PolderException(
        ErrorCode.NOT_SUPPORTED,
        "type " + word + " has no counterpart in Iceberg tables; cast to another type");
  }

  private PolderException unknown() {
    return new PolderException(ErrorCode.NOT_SUPPORTED, "type " + text + " is not understood");
  }

  private String word() {
    skipSpace();
    if (position < text.length() && text.charAt(position) == '"') {
      return quoted();
    }
    int start = position;
    while (position < text.length()
        && (Character.isLetterOrDigit(text.codePointAt(position))
            || text.charAt(position) == '_')) {
      position += Character.charCount(text.codePointAt(position));
    }
    if (position == start) {
      throw unknown();
    }
    return text.substring(start, position);
  }

  private String quoted() {
    StringBuilder name = new StringBuilder();
    position++;
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c != '"') {
        name.append(c);
      } else if (position < text.length() && text.charAt(position) == '"') {
        name.append('"');
        position++;
      } else {
        return name.toString();
      }
    }
    throw unknown();
  }

  private boolean takeWords(String... words) {
    int start = position;
    for (String expected : words) {
      skipSpace();
      if (!text.regionMatches(true, position, expected, 0, expected.length())) {
        position = start;
        return false;
      }
      position += expected.length();
    }
    return true;
  }

  private void skipArguments() {
    if (!take('(')) {
      return;
    }
    boolean inText = false;
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == '\'') {
        inText = !inText;
      } else if (c == ')' && !inText) {
        return;
      }
    }
    throw unknown();
  }

  private boolean take(char c) {
    skipSpace();
    if (position < text.length() && text.charAt(position) == c) {
      position++;
      return true;
    }
    return false;
  }

  private void require(char c) {
    if (!take(c)) {
      throw unknown();
    }
  }

  private void skipSpace() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }
}
