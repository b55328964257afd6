package dev.polder.model;

import java.util.Optional;
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
    if (isReserved(value)) {
      throw new PolderException(
          ErrorCode.INVALID_NAME,
          "'" + value + "' cannot be the alias of a source: the name is reserved; choose another");
    }
  }

  /** The alias that a part of a name may mean; empty: no source can have it. */
  public static Optional<SourceAlias> of(String name) {
    return Names.isIdentifier(name) && !isReserved(Names.key(name))
        ? Optional.of(new SourceAlias(name))
        : Optional.empty();
  }

  private static boolean isReserved(String key) {
    return RESERVED.contains(key) || key.startsWith(RESERVED_PREFIX);
  }

  @Override
  public String toString() {
    return value;
  }
}
