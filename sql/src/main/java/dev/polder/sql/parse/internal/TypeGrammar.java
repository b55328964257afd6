package dev.polder.sql.parse.internal;

import dev.polder.model.ErrorCode;
import dev.polder.sql.statement.TypeName;
import dev.polder.sql.statement.TypeName.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Types as DuckDB spells them. */
final class TypeGrammar {
  private static final Map<String, Kind> ALIASES =
      Map.ofEntries(
          Map.entry("BOOLEAN", Kind.BOOLEAN),
          Map.entry("BOOL", Kind.BOOLEAN),
          Map.entry("LOGICAL", Kind.BOOLEAN),
          Map.entry("TINYINT", Kind.TINYINT),
          Map.entry("INT1", Kind.TINYINT),
          Map.entry("SMALLINT", Kind.SMALLINT),
          Map.entry("INT2", Kind.SMALLINT),
          Map.entry("INT16", Kind.SMALLINT),
          Map.entry("SHORT", Kind.SMALLINT),
          Map.entry("INTEGER", Kind.INTEGER),
          Map.entry("INT", Kind.INTEGER),
          Map.entry("INT4", Kind.INTEGER),
          Map.entry("INT32", Kind.INTEGER),
          Map.entry("SIGNED", Kind.INTEGER),
          Map.entry("INTEGRAL", Kind.INTEGER),
          Map.entry("BIGINT", Kind.BIGINT),
          Map.entry("INT8", Kind.BIGINT),
          Map.entry("INT64", Kind.BIGINT),
          Map.entry("LONG", Kind.BIGINT),
          Map.entry("OID", Kind.BIGINT),
          Map.entry("HUGEINT", Kind.HUGEINT),
          Map.entry("INT128", Kind.HUGEINT),
          Map.entry("UTINYINT", Kind.UTINYINT),
          Map.entry("UINT8", Kind.UTINYINT),
          Map.entry("USMALLINT", Kind.USMALLINT),
          Map.entry("UINT16", Kind.USMALLINT),
          Map.entry("UINTEGER", Kind.UINTEGER),
          Map.entry("UINT32", Kind.UINTEGER),
          Map.entry("UBIGINT", Kind.UBIGINT),
          Map.entry("UINT64", Kind.UBIGINT),
          Map.entry("UHUGEINT", Kind.UHUGEINT),
          Map.entry("UINT128", Kind.UHUGEINT),
          Map.entry("FLOAT", Kind.FLOAT),
          Map.entry("FLOAT4", Kind.FLOAT),
          Map.entry("REAL", Kind.FLOAT),
          Map.entry("DOUBLE", Kind.DOUBLE),
          Map.entry("FLOAT8", Kind.DOUBLE),
          Map.entry("VARCHAR", Kind.VARCHAR),
          Map.entry("CHAR", Kind.VARCHAR),
          Map.entry("CHARACTER", Kind.VARCHAR),
          Map.entry("BPCHAR", Kind.VARCHAR),
          // The ADBC driver says so for text when it makes a table.
          Map.entry("CLOB", Kind.VARCHAR),
          Map.entry("NVARCHAR", Kind.VARCHAR),
          Map.entry("TEXT", Kind.VARCHAR),
          Map.entry("STRING", Kind.VARCHAR),
          Map.entry("BLOB", Kind.BLOB),
          Map.entry("BYTEA", Kind.BLOB),
          Map.entry("BINARY", Kind.BLOB),
          Map.entry("VARBINARY", Kind.BLOB),
          Map.entry("BIT", Kind.BIT),
          Map.entry("BITSTRING", Kind.BIT),
          Map.entry("UUID", Kind.UUID),
          Map.entry("GUID", Kind.UUID),
          Map.entry("DATE", Kind.DATE),
          Map.entry("TIME", Kind.TIME),
          Map.entry("TIME_NS", Kind.TIME_NS),
          Map.entry("TIMETZ", Kind.TIME_WITH_TIME_ZONE),
          Map.entry("TIMESTAMP", Kind.TIMESTAMP),
          Map.entry("DATETIME", Kind.TIMESTAMP),
          Map.entry("TIMESTAMP_US", Kind.TIMESTAMP),
          Map.entry("TIMESTAMP_S", Kind.TIMESTAMP_S),
          Map.entry("TIMESTAMP_MS", Kind.TIMESTAMP_MS),
          Map.entry("TIMESTAMP_NS", Kind.TIMESTAMP_NS),
          Map.entry("TIMESTAMPTZ", Kind.TIMESTAMP_WITH_TIME_ZONE),
          Map.entry("INTERVAL", Kind.INTERVAL),
          Map.entry("JSON", Kind.JSON),
          Map.entry("VARIANT", Kind.VARIANT),
          Map.entry("GEOMETRY", Kind.GEOMETRY));

  private static final int MOST_LEVELS = 60;

  private final Cursor cursor;

  TypeGrammar(Cursor cursor) {
    this.cursor = cursor;
  }

  TypeName type() {
    int start = cursor.token(0).start();
    TypeName type = base();
    for (int level = 0; ; level++) {
      if (level > MOST_LEVELS) {
        throw cursor.error(
            ErrorCode.STATEMENT_TOO_COMPLEX,
            "a type has at most " + MOST_LEVELS + " lists of lists",
            start);
      }
      if (cursor.accept("ARRAY")) {
        type = cursor.at("[") ? brackets(type) : new TypeName.ListOf(type);
      } else if (cursor.at("[")) {
        type = brackets(type);
      } else {
        return type;
      }
    }
  }

  private TypeName brackets(TypeName element) {
    cursor.expect("[");
    if (cursor.accept("]")) {
      return new TypeName.ListOf(element);
    }
    int start = cursor.token(0).start();
    int length = cursor.integer("a length");
    if (length < 1) {
      throw cursor.error(ErrorCode.SYNTAX_ERROR, "an array has at least one element", start);
    }
    cursor.expect("]");
    return new TypeName.ArrayOf(element, length);
  }

  private TypeName base() {
    int start = cursor.token(0).start();
    String name = cursor.name("a type").toUpperCase(Locale.ROOT);
    return switch (name) {
      case "STRUCT", "ROW" -> struct();
      case "MAP" -> map();
      case "LIST", "ARRAY" -> {
        cursor.expect("(");
        TypeName element = type();
        cursor.expect(")");
        yield new TypeName.ListOf(element);
      }
      case "DECIMAL", "NUMERIC", "DEC" -> decimal(start);
      case "UNION", "ENUM" ->
          throw cursor.error(
              ErrorCode.NOT_SUPPORTED, "the type " + name + " is not supported in tables", start);
      default -> simple(name, start);
    };
  }

  private TypeName simple(String name, int start) {
    Kind kind = ALIASES.get(name);
    if (kind == null) {
      throw cursor.error(
          ErrorCode.SYNTAX_ERROR,
          "'" + name.toLowerCase(Locale.ROOT) + "' is no known type",
          start);
    }
    if (name.equals("DOUBLE")) {
      cursor.accept("PRECISION");
    } else if (name.equals("CHAR") || name.equals("CHARACTER")) {
      cursor.accept("VARYING");
    }
    if (kind == Kind.VARCHAR && cursor.accept("(")) {
      // As in DuckDB, a length is accepted and has no effect.
      cursor.integer("a length");
      cursor.expect(")");
    }
    if (kind == Kind.TIMESTAMP && name.equals("TIMESTAMP") && cursor.at("(")) {
      kind = precision();
    }
    return new TypeName.Simple(zone(kind, start));
  }

  private Kind precision() {
    cursor.expect("(");
    int start = cursor.token(0).start();
    int digits = cursor.integer("a precision");
    cursor.expect(")");
    return switch (digits) {
      case 0 -> Kind.TIMESTAMP_S;
      case 1, 2, 3 -> Kind.TIMESTAMP_MS;
      case 4, 5, 6 -> Kind.TIMESTAMP;
      case 7, 8, 9 -> Kind.TIMESTAMP_NS;
      default ->
          throw cursor.error(ErrorCode.SYNTAX_ERROR, "a precision is between 0 and 9", start);
    };
  }

  private Kind zone(Kind kind, int start) {
    if (kind != Kind.TIME && kind != Kind.TIMESTAMP) {
      if (cursor.at("WITH", "TIME", "ZONE")) {
        throw cursor.error(ErrorCode.SYNTAX_ERROR, kind.sql() + " cannot have a time zone", start);
      }
      return kind;
    }
    if (cursor.accept("WITH", "TIME", "ZONE")) {
      return kind == Kind.TIME ? Kind.TIME_WITH_TIME_ZONE : Kind.TIMESTAMP_WITH_TIME_ZONE;
    }
    cursor.accept("WITHOUT", "TIME", "ZONE");
    return kind;
  }

  private TypeName decimal(int start) {
    int precision = 18;
    int scale = 3;
    if (cursor.accept("(")) {
      precision = cursor.integer("a precision");
      scale = cursor.accept(",") ? cursor.integer("a scale") : 0;
      cursor.expect(")");
    }
    if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
      throw cursor.error(
          ErrorCode.SYNTAX_ERROR,
          "DECIMAL has a precision of 1 to 38 and a scale of 0 to the precision",
          start);
    }
    return new TypeName.Decimal(precision, scale);
  }

  private TypeName struct() {
    cursor.expect("(");
    List<TypeName.Field> fields = new ArrayList<>();
    do {
      int start = cursor.token(0).start();
      String name = cursor.name("a field");
      for (TypeName.Field field : fields) {
        if (field.name().equalsIgnoreCase(name)) {
          throw cursor.error(
              ErrorCode.SYNTAX_ERROR, "the field '" + name + "' is named twice", start);
        }
      }
      fields.add(new TypeName.Field(name, type()));
    } while (cursor.accept(","));
    cursor.expect(")");
    return new TypeName.Struct(fields);
  }

  private TypeName map() {
    cursor.expect("(");
    TypeName key = type();
    cursor.expect(",");
    TypeName value = type();
    cursor.expect(")");
    return new TypeName.MapOf(key, value);
  }
}
