package dev.polder.benchmarks.harness;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Adds up a hash of every row, so that two answers can be compared whatever the order of their
 * rows. Floating-point values count with nine digits: their sums depend on the order of additions.
 * Used by one thread.
 */
public final class RowHash {
  private long rows;
  private long hash;

  public void add(VectorSchemaRoot batch) {
    int count = batch.getRowCount();
    long[] sums = new long[count];
    for (FieldVector vector : batch.getFieldVectors()) {
      for (int row = 0; row < count; row++) {
        sums[row] = mix(sums[row] + cell(vector, row));
      }
    }
    for (long sum : sums) {
      hash += sum;
    }
    rows += count;
  }

  public Answer answer() {
    return new Answer(rows, hash);
  }

  private static long cell(FieldVector vector, int row) {
    if (vector.isNull(row)) {
      return 17;
    }
    return switch (vector) {
      case Float8Vector doubles -> rounded(doubles.get(row));
      case Float4Vector floats -> rounded(floats.get(row));
      default -> vector.hashCode(row);
    };
  }

  private static long rounded(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return Double.hashCode(value == 0 ? 0 : value);
    }
    double scale = Math.pow(10, 8 - Math.floor(Math.log10(Math.abs(value))));
    return Double.hashCode(Math.rint(value * scale) / scale);
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 32)) * 0x9E3779B97F4A7C15L;
    return mixed ^ (mixed >>> 29);
  }
}
