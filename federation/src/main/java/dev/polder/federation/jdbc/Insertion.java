package dev.polder.federation.jdbc;

import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;

/** Adds the rows of Arrow batches to a table, many at a time. For one thread. */
final class Insertion implements AutoCloseable {
  private static final int BATCH_ROWS = 1_000;

  private final JdbcSource source;
  private final List<RemoteColumn> columns;
  private final PreparedStatement statement;

  Insertion(JdbcSource source, Connection connection, RemoteTable table, List<RemoteColumn> columns)
      throws SQLException {
    this.source = source;
    this.columns = columns;
    statement =
        connection.prepareStatement(
            "INSERT INTO "
                + source.sql().table(table)
                + columns.stream()
                    .map(column -> source.sql().identifier(column.name()))
                    .collect(Collectors.joining(", ", " (", ")"))
                + columns.stream()
                    .map(column -> "?")
                    .collect(Collectors.joining(", ", " VALUES (", ")")));
  }

  PreparedStatement statement() {
    return statement;
  }

  /** Adds all that there are; how many. */
  long all(ArrowReader rows) throws SQLException {
    try {
      long added = 0;
      while (rows.loadNextBatch()) {
        VectorSchemaRoot batch = rows.getVectorSchemaRoot();
        for (int row = 0; row < batch.getRowCount(); row++) {
          for (int i = 0; i < columns.size(); i++) {
            bind(i, batch.getVector(i), row);
          }
          statement.addBatch();
          added++;
          if (added % BATCH_ROWS == 0) {
            statement.executeBatch();
          }
        }
      }
      if (added % BATCH_ROWS != 0) {
        statement.executeBatch();
      }
      return added;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void bind(int column, FieldVector vector, int row) throws SQLException {
    if (vector.isNull(row)) {
      statement.setNull(column + 1, Types.NULL);
    } else {
      source.values().bind(statement, column + 1, columns.get(column), value(vector, row));
    }
  }

  private static Object value(FieldVector vector, int row) {
    return switch (vector) {
      case BitVector bits -> bits.get(row) != 0;
      case TinyIntVector ints -> (long) ints.get(row);
      case SmallIntVector ints -> (long) ints.get(row);
      case IntVector ints -> (long) ints.get(row);
      case BigIntVector ints -> ints.get(row);
      case UInt1Vector ints -> (long) (ints.get(row) & 0xff);
      case UInt2Vector ints -> (long) ints.get(row);
      case UInt4Vector ints -> ints.get(row) & 0xffff_ffffL;
      case UInt8Vector ints -> new BigDecimal(new BigInteger(Long.toUnsignedString(ints.get(row))));
      case Float4Vector floats -> (double) floats.get(row);
      case Float8Vector floats -> floats.get(row);
      case DecimalVector decimals -> decimals.getObject(row);
      case DateDayVector days -> LocalDate.ofEpochDay(days.get(row));
      case TimeMicroVector times -> LocalTime.ofNanoOfDay(times.get(row) * 1_000);
      case TimeStampVector times -> moment(times, row);
      case VarCharVector texts -> new String(texts.get(row), StandardCharsets.UTF_8);
      case VarBinaryVector blobs -> blobs.get(row);
      default -> throw new IllegalArgumentException("JDBC takes no " + vector.getField().getType());
    };
  }

  private static Object moment(TimeStampVector times, int row) {
    long micros = times.get(row);
    Instant instant =
        Instant.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    boolean isZoned =
        times.getField().getType() instanceof ArrowType.Timestamp type
            && type.getTimezone() != null;
    return isZoned ? instant : LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
