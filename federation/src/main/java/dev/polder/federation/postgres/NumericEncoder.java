package dev.polder.federation.postgres;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;

/** Decimals as groups of four digits. Stateless. */
final class NumericEncoder {
  private static final BigInteger GROUP = BigInteger.valueOf(10_000);

  private NumericEncoder() {}

  static void write(double value, CopyBuffer out) {
    if (Double.isFinite(value)) {
      write(new BigDecimal(Double.toString(value)).stripTrailingZeros(), out);
      return;
    }
    header(0, 0, Double.isNaN(value) ? 0xC000 : value > 0 ? 0xD000 : 0xF000, 0, out);
  }

  static void write(BigDecimal value, CopyBuffer out) {
    BigDecimal scaled = value.scale() < 0 ? value.setScale(0) : value;
    int scale = scaled.scale();
    int groups = (scale + 3) / 4;
    // Filled up, so that the point lies between two groups.
    BigInteger left = scaled.setScale(groups * 4).unscaledValue().abs();
    Deque<Integer> digits = new ArrayDeque<>();
    int lowest = -groups;
    while (left.signum() > 0) {
      BigInteger[] parts = left.divideAndRemainder(GROUP);
      if (digits.isEmpty() && parts[1].signum() == 0) {
        lowest++;
      } else {
        digits.addFirst(parts[1].intValue());
      }
      left = parts[0];
    }
    int weight = digits.isEmpty() ? 0 : lowest + digits.size() - 1;
    header(digits.size(), weight, scaled.signum() < 0 ? 0x4000 : 0, scale, out);
    digits.forEach(out::putShort);
  }

  private static void header(int digits, int weight, int sign, int scale, CopyBuffer out) {
    out.putShort(digits);
    out.putShort(weight);
    out.putShort(sign);
    out.putShort(scale);
  }
}
