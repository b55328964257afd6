package dev.polder.duck;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/** Gives one Java value to the driver's appender. */
final class Appending {
  private Appending() {}

  static void append(DuckDBAppender to, @Nullable Object value) throws SQLException {
    var _ =
        switch (value) {
          case null -> to.appendNull();
          case Boolean b -> to.append(b);
          case Byte b -> to.append(b);
          case Short s -> to.append(s);
          case Integer n -> to.append(n);
          case Long n -> to.append(n);
          case BigInteger n -> to.append(n);
          case Float f -> to.append(f);
          case Double d -> to.append(d);
          case BigDecimal d -> to.append(d);
          case String s -> to.append(s);
          case byte[] b -> to.append(b);
          case LocalDate d -> to.append(d);
          case LocalTime t -> to.append(t);
          case LocalDateTime t -> to.append(t);
          case OffsetDateTime t -> to.append(t);
          case Instant t -> to.append(t.atOffset(ZoneOffset.UTC));
          case UUID u -> to.append(u);
          case List<?> list -> to.append(list);
          default ->
              throw new PolderException(
                  ErrorCode.INTERNAL_ERROR,
                  "a value of type " + value.getClass().getSimpleName() + " cannot be appended");
        };
  }
}
