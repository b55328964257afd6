package dev.polder.model;

import java.util.Set;

/**
 * The name under which statements of one space find a source; lower-cased. Names that DuckDB, the
 * SQL standard or this server give a meaning of their own are refused.
 */
public record SourceAlias(String value) {
  private static final Set<String> RESERVED =
      Set.of("main", "temp", "system", "information_schema", "pg_catalog", "memory");
  private static final String RESERVED_PREFIX = "polder_";

  public SourceAlias {
    value = Names.key(Names.identifier("source", value));
    if (RESERVED.contains(value) || value.startsWith(RESERVED_PREFIX)) {
      throw new PolderException(
          ErrorCode.INVALID_NAME,
          "'" + value + "' cannot be the alias of a source: the name is reserved; choose another");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
