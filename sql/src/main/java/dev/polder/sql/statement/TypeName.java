package dev.polder.sql.statement;

import java.util.List;

/** A type as written, its spelling normalised: aliases are resolved and nesting is a tree. */
public sealed interface TypeName {
  /** A type without arguments, by DuckDB's name for it: {@code INTEGER}, {@code VARCHAR}, …. */
  record Simple(Kind kind) implements TypeName {
    @Override
    public String toString() {
      return kind.sql();
    }
  }

  record Decimal(int precision, int scale) implements TypeName {
    @Override
    public String toString() {
      return "DECIMAL(" + precision + "," + scale + ")";
    }
  }

  /** {@code element[]}. */
  record ListOf(TypeName element) implements TypeName {
    @Override
    public String toString() {
      return element + "[]";
    }
  }

  /** {@code element[length]}: an array of fixed length. */
  record ArrayOf(TypeName element, int length) implements TypeName {
    @Override
    public String toString() {
      return element + "[" + length + "]";
    }
  }

  record MapOf(TypeName key, TypeName value) implements TypeName {
    @Override
    public String toString() {
      return "MAP(" + key + ", " + value + ")";
    }
  }

  record Struct(List<Field> fields) implements TypeName {
    public Struct {
      fields = List.copyOf(fields);
    }

    @Override
    public String toString() {
      return "STRUCT(" + String.join(", ", fields.stream().map(Field::toString).toList()) + ")";
    }
  }

  record Field(String name, TypeName type) {
    @Override
    public String toString() {
      return Identifiers.quote(name) + " " + type;
    }
  }

  /** The types without arguments. */
  enum Kind {
    BOOLEAN,
    TINYINT,
    SMALLINT,
    INTEGER,
    BIGINT,
    HUGEINT,
    UTINYINT,
    USMALLINT,
    UINTEGER,
    UBIGINT,
    UHUGEINT,
    FLOAT,
    DOUBLE,
    VARCHAR,
    BLOB,
    BIT,
    UUID,
    DATE,
    TIME,
    TIME_NS,
    TIME_WITH_TIME_ZONE,
    TIMESTAMP,
    TIMESTAMP_S,
    TIMESTAMP_MS,
    TIMESTAMP_NS,
    TIMESTAMP_WITH_TIME_ZONE,
    INTERVAL,
    JSON,
    VARIANT,
    GEOMETRY;

    /** DuckDB's spelling. */
    public String sql() {
      return switch (this) {
        case TIME_WITH_TIME_ZONE -> "TIME WITH TIME ZONE";
        case TIMESTAMP_WITH_TIME_ZONE -> "TIMESTAMP WITH TIME ZONE";
        default -> name();
      };
    }
  }
}
