package dev.polder.federation.postgres;

import dev.polder.federation.arrow.FixedColumn;

/**
 * Numbers as groups of four decimal digits, into decimals of one scale, exactly or not at all.
 * Immutable.
 */
final class NumericDecoder {
  private static final int[] POWERS = {1, 10, 100, 1_000, 10_000};
  private static final int NEGATIVE = 0x4000;
  private static final int NOT_A_NUMBER = 0xC000;

  private final Decimal type;
  private final int lastGroup;
  private final int dropped;
  private final boolean small;

  NumericDecoder(Decimal type) {
    this.type = type;
    // Groups after the point that the scale reaches into, and how many digits of the last it omits.
    this.lastGroup = -((type.scale() + 3) / 4);
    this.dropped = -lastGroup * 4 - type.scale();
    this.small = type.precision() <= 18;
  }

  void add(byte[] in, int at, int length, FixedColumn column) {
    int digits = Short.toUnsignedInt((short) Decoder.SHORT.get(in, at));
    int weight = (short) Decoder.SHORT.get(in, at + 2);
    int sign = Short.toUnsignedInt((short) Decoder.SHORT.get(in, at + 4));
    if (sign != 0 && sign != NEGATIVE) {
      throw new ValueException(
          (sign == NOT_A_NUMBER ? "NaN" : "an infinite number") + ", which no " + type + " is");
    }
    if (digits == 0) {
      column.addLongs(0, 0);
      return;
    }
    check(in, at, digits, weight);
    int first = at + 8;
    int last = Math.max(weight - digits + 1, lastGroup);
    if (small) {
      long value = 0;
      for (int group = weight; group >= last; group--) {
        int digit = (short) Decoder.SHORT.get(in, first + 2 * (weight - group));
        value =
            group == lastGroup ? value * kept(group) + digit / cut(group) : value * 10_000 + digit;
      }
      for (int group = last - 1; group >= lastGroup; group--) {
        value *= kept(group);
      }
      long signed = sign == NEGATIVE ? -value : value;
      column.addLongs(signed, signed >> 63);
      return;
    }
    long low = 0;
    long high = 0;
    for (int group = weight; group >= lastGroup; group--) {
      int digit =
          group >= last
              ? (short) Decoder.SHORT.get(in, first + 2 * (weight - group)) / cut(group)
              : 0;
      int by = kept(group);
      high = high * by + Math.unsignedMultiplyHigh(low, by);
      low *= by;
      long sum = low + digit;
      high += Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
      low = sum;
    }
    if (sign == NEGATIVE) {
      low = -low;
      high = ~high + (low == 0 ? 1 : 0);
    }
    column.addLongs(low, high);
  }

  /** By how much a group moves those before it: the last one may be there in part. */
  private int kept(int group) {
    return group == lastGroup ? POWERS[4 - dropped] : 10_000;
  }

  private int cut(int group) {
    return group == lastGroup ? POWERS[dropped] : 1;
  }

  private void check(byte[] in, int at, int digits, int weight) {
    int leading = (short) Decoder.SHORT.get(in, at + 8);
    int whole =
        weight < 0
            ? 0
            : weight * 4 + (leading >= 1_000 ? 4 : leading >= 100 ? 3 : leading >= 10 ? 2 : 1);
    int end = weight - digits + 1;
    int trailing = (short) Decoder.SHORT.get(in, at + 8 + 2 * (digits - 1));
    boolean more = end < lastGroup || (end == lastGroup && trailing % POWERS[dropped] != 0);
    if (whole > type.whole() || more) {
      throw new ValueException("a number that is not exactly a " + type);
    }
  }
}
