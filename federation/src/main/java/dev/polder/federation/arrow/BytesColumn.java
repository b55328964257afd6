package dev.polder.federation.arrow;

import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;

/** Texts, as UTF-8, or bytes. Not thread-safe. */
public final class BytesColumn extends ColumnBuilder {
  private final Offsets offsets = new Offsets();
  private byte[] data = new byte[4096];
  private int used;

  public void add(byte[] from, int at, int length) {
    if (length > data.length - used) {
      // Batches end at some megabytes, and no value is longer than an array.
      data = Arrays.copyOf(data, Math.max(data.length * 2, Math.addExact(used, length)));
    }
    System.arraycopy(from, at, data, used, length);
    used += length;
    offsets.add(used);
    added();
  }

  @Override
  protected void empty() {
    offsets.add(used);
  }

  @Override
  public long bytes() {
    return used + 4L * rows();
  }

  @Override
  protected void fill(Buffers buffers, FieldVector vector) {
    offsets.fill(buffers, rows());
    buffers.add(data, used);
    used = 0;
    if (data.length > 64 << 20) {
      data = new byte[4096];
    }
  }
}
