package dev.polder.door.flight.internal;

import java.util.List;
import org.apache.arrow.flight.sql.FlightSqlProducer;
import org.jspecify.annotations.Nullable;

/** The types that columns can have, in the form that XDBC clients expect. */
final class TypeInfos {
  private static final List<Type> TYPES =
      List.of(
          new Type("BOOLEAN", -7, 1, "", false, null, null),
          new Type("TINYINT", -6, 3, "", false, false, 10),
          new Type("BIGINT", -5, 19, "", false, false, 10),
          new Type("UBIGINT", -5, 20, "", false, true, 10),
          new Type("BLOB", -3, 0, "'", false, null, null),
          new Type("DECIMAL", 3, 38, "", false, false, 10),
          new Type("HUGEINT", 3, 38, "", false, false, 10),
          new Type("INTEGER", 4, 10, "", false, false, 10),
          new Type("UINTEGER", 4, 10, "", false, true, 10),
          new Type("SMALLINT", 5, 5, "", false, false, 10),
          new Type("USMALLINT", 5, 5, "", false, true, 10),
          new Type("UTINYINT", 5, 3, "", false, true, 10),
          new Type("FLOAT", 6, 24, "", false, false, 2),
          new Type("DOUBLE", 8, 53, "", false, false, 2),
          new Type("VARCHAR", 12, 0, "'", true, null, null),
          new Type("UUID", 12, 36, "'", false, null, null),
          new Type("JSON", 12, 0, "'", true, null, null),
          new Type("DATE", 91, 10, "'", false, null, null),
          new Type("TIME", 92, 15, "'", false, null, null),
          new Type("TIMESTAMP", 93, 26, "'", false, null, null),
          new Type("TIMESTAMP WITH TIME ZONE", 2014, 32, "'", false, null, null),
          new Type("INTERVAL", 1111, 0, "'", false, null, null),
          new Type("STRUCT", 2002, 0, "", false, null, null),
          new Type("LIST", 2003, 0, "", false, null, null),
          new Type("MAP", 1111, 0, "", false, null, null));

  private record Type(
      String name,
      int dataType,
      int size,
      String quote,
      boolean caseSensitive,
      @Nullable Boolean unsigned,
      @Nullable Integer radix) {}

  private TypeInfos() {}

  /**
   * @param only the data type asked for; null for all
   */
  static Table table(@Nullable Integer only) {
    Table table = new Table(FlightSqlProducer.Schemas.GET_TYPE_INFO_SCHEMA);
    for (Type type : TYPES) {
      if (only == null || only == type.dataType()) {
        add(table, type);
      }
    }
    return table;
  }

  private static void add(Table table, Type type) {
    boolean decimal = type.name().equals("DECIMAL");
    boolean datetime = type.dataType() >= 91 && type.dataType() <= 93;
    table.add(
        type.name(),
        type.dataType(),
        type.size() == 0 ? null : type.size(),
        type.quote().isEmpty() ? null : type.quote(),
        type.quote().isEmpty() ? null : type.quote(),
        decimal ? List.of("precision", "scale") : null,
        1,
        type.caseSensitive(),
        3,
        type.unsigned(),
        false,
        false,
        type.name(),
        decimal ? 0 : null,
        decimal ? 38 : null,
        datetime ? 9 : type.dataType(),
        datetime ? type.dataType() - 90 : null,
        type.radix(),
        null);
  }
}
