package dev.polder.federation.postgres;

import dev.polder.federation.arrow.BitColumn;
import dev.polder.federation.arrow.BytesColumn;
import dev.polder.federation.arrow.ColumnBuilder;
import dev.polder.federation.arrow.FixedColumn;
import dev.polder.federation.arrow.ListColumn;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Turns the binary values of one column into those of an Arrow vector. Which form they have follows
 * from DuckDB's type, since queries cast to it. Not thread-safe.
 *
 * @param builder takes the values
 * @param value adds one
 */
record Decoder(ColumnBuilder builder, Value value) {
  static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Days from 1970 to 2000, from which PostgreSQL counts. */
  static final int EPOCH_DAYS = 10_957;

  static final long EPOCH_MICROS = EPOCH_DAYS * 86_400_000_000L;

  /** Adds a value that lies in bytes. */
  interface Value {
    void add(byte[] in, int at, int length);
  }

  void add(byte[] in, int at, int length) {
    value.add(in, at, length);
  }

  static Decoder of(String duckType) {
    if (duckType.endsWith("[]")) {
      return list(of(duckType.substring(0, duckType.length() - 2)));
    }
    return Decimal.find(duckType).map(Decoder::decimal).orElseGet(() -> scalar(duckType));
  }

  private static Decoder scalar(String duckType) {
    return switch (duckType) {
      case "BOOLEAN" -> {
        BitColumn bits = new BitColumn();
        yield new Decoder(bits, (in, at, length) -> bits.add(width(length, 1) && in[at] != 0));
      }
      case "SMALLINT" -> {
        FixedColumn column = new FixedColumn(2);
        yield new Decoder(
            column,
            (in, at, length) -> {
              width(length, 2);
              column.addShort((short) SHORT.get(in, at));
            });
      }
      case "INTEGER", "FLOAT" -> {
        FixedColumn column = new FixedColumn(4);
        yield new Decoder(
            column,
            (in, at, length) -> {
              width(length, 4);
              column.addInt((int) INT.get(in, at));
            });
      }
      case "BIGINT", "DOUBLE", "TIME" -> {
        FixedColumn column = new FixedColumn(8);
        yield new Decoder(
            column,
            (in, at, length) -> {
              width(length, 8);
              column.addLong((long) LONG.get(in, at));
            });
      }
      case "DATE" -> {
        FixedColumn column = new FixedColumn(4);
        yield new Decoder(
            column,
            (in, at, length) -> {
              width(length, 4);
              column.addInt(date((int) INT.get(in, at)));
            });
      }
      case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE" -> {
        FixedColumn column = new FixedColumn(8);
        yield new Decoder(
            column,
            (in, at, length) -> {
              width(length, 8);
              column.addLong(timestamp((long) LONG.get(in, at)));
            });
      }
      case "INTERVAL" -> interval();
      case "UUID" -> uuid();
      default -> {
        BytesColumn column = new BytesColumn();
        yield new Decoder(column, column::add);
      }
    };
  }

  private static boolean width(int length, int wanted) {
    if (length != wanted) {
      throw new ValueException(
          "a value of " + length + " bytes where " + wanted + " were expected");
    }
    return true;
  }

  /** An infinite date is one in DuckDB too. */
  private static int date(int days) {
    return switch (days) {
      case Integer.MAX_VALUE -> Integer.MAX_VALUE;
      case Integer.MIN_VALUE -> -Integer.MAX_VALUE;
      default -> days + EPOCH_DAYS;
    };
  }

  private static long timestamp(long micros) {
    if (micros == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    if (micros == Long.MIN_VALUE) {
      return -Long.MAX_VALUE;
    }
    long moved = micros + EPOCH_MICROS;
    if (moved < micros || moved == Long.MAX_VALUE) {
      throw new ValueException("a timestamp after the year 294246, the last that DuckDB knows");
    }
    return moved;
  }

  private static Decoder interval() {
    FixedColumn column = new FixedColumn(16);
    return new Decoder(
        column,
        (in, at, length) -> {
          width(length, 16);
          long micros = (long) LONG.get(in, at);
          int days = (int) INT.get(in, at + 8);
          int months = (int) INT.get(in, at + 12);
          if (micros > Long.MAX_VALUE / 1_000 || micros < Long.MIN_VALUE / 1_000) {
            throw new ValueException(
                "an interval of more hours than can be handed over, or infinite");
          }
          column.addLongs(Integer.toUnsignedLong(months) | ((long) days << 32), micros * 1_000);
        });
  }

  private static Decoder uuid() {
    BytesColumn column = new BytesColumn();
    HexFormat hex = HexFormat.of();
    return new Decoder(
        column,
        (in, at, length) -> {
          width(length, 16);
          String digits = hex.formatHex(in, at, at + 16);
          String text =
              digits.substring(0, 8)
                  + '-'
                  + digits.substring(8, 12)
                  + '-'
                  + digits.substring(12, 16)
                  + '-'
                  + digits.substring(16, 20)
                  + '-'
                  + digits.substring(20);
          column.add(text.getBytes(StandardCharsets.ISO_8859_1), 0, 36);
        });
  }

  private static Decoder decimal(Decimal type) {
    FixedColumn column = new FixedColumn(16);
    NumericDecoder decoder = new NumericDecoder(type);
    return new Decoder(column, (in, at, length) -> decoder.add(in, at, length, column));
  }

  private static Decoder list(Decoder element) {
    ListColumn column = new ListColumn(element.builder());
    return new Decoder(
        column,
        (in, at, length) -> {
          int dimensions = (int) INT.get(in, at);
          if (dimensions > 1) {
            throw new ValueException(
                "an array of " + dimensions + " dimensions, where lists have one");
          }
          int position = at + 12;
          int count = 0;
          if (dimensions == 1) {
            count = (int) INT.get(in, position);
            position += 8;
          }
          for (int i = 0; i < count; i++) {
            int size = (int) INT.get(in, position);
            position += 4;
            if (size < 0) {
              element.builder().addNull();
            } else {
              element.add(in, position, size);
              position += size;
            }
          }
          column.end();
        });
  }
}
