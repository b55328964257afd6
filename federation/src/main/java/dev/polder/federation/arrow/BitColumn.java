package dev.polder.federation.arrow;

import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;

/** Truth values. Not thread-safe. */
public final class BitColumn extends ColumnBuilder {
  private byte[] bits = new byte[128];

  public void add(boolean value) {
    empty();
    if (value) {
      bits[rows() >> 3] |= (byte) (1 << (rows() & 7));
    }
    added();
  }

  @Override
  protected void empty() {
    if (rows() >> 3 >= bits.length) {
      bits = Arrays.copyOf(bits, bits.length * 2);
    }
  }

  @Override
  public long bytes() {
    return rows() >> 3;
  }

  @Override
  protected void fill(Buffers buffers, FieldVector vector) {
    buffers.add(bits, (rows() + 7) >> 3);
    Arrays.fill(bits, (byte) 0);
  }
}
