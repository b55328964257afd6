package dev.polder.federation.arrow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Where each value of a column ends. Not thread-safe. */
final class Offsets {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] ends = new byte[4096];
  // The first value begins at 0.
  private int used = 4;

  void add(int end) {
    if (used == ends.length) {
      ends = Arrays.copyOf(ends, used * 2);
    }
    INT.set(ends, used, end);
    used += 4;
  }

  void fill(ColumnBuilder.Buffers buffers, int rows) {
    buffers.add(ends, 4 * (rows + 1));
    used = 4;
  }
}
