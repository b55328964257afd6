package dev.polder.federation.arrow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;

/** Values of 1, 2, 4, 8 or 16 bytes. Not thread-safe. */
public final class FixedColumn extends ColumnBuilder {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int width;
  private byte[] data = new byte[4096];
  private int used;

  public FixedColumn(int width) {
    this.width = width;
  }

  public void addByte(byte value) {
    data[next()] = value;
    added();
  }

  public void addShort(short value) {
    SHORT.set(data, next(), value);
    added();
  }

  public void addInt(int value) {
    INT.set(data, next(), value);
    added();
  }

  public void addLong(long value) {
    LONG.set(data, next(), value);
    added();
  }

  /** Sixteen bytes: the lower eight and the upper eight. */
  public void addLongs(long low, long high) {
    int at = next();
    LONG.set(data, at, low);
    LONG.set(data, at + 8, high);
    added();
  }

  @Override
  protected void empty() {
    int at = next();
    Arrays.fill(data, at, at + width, (byte) 0);
  }

  private int next() {
    int at = used;
    if (at + width > data.length) {
      data = Arrays.copyOf(data, data.length * 2);
    }
    used = at + width;
    return at;
  }

  @Override
  public long bytes() {
    return used;
  }

  @Override
  protected void fill(Buffers buffers, FieldVector vector) {
    buffers.add(data, used);
    used = 0;
  }
}
