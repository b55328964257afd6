package dev.polder.federation.postgres;

import java.util.Arrays;

/** Bytes on their way into a COPY, in its order. Not thread-safe. */
final class CopyBuffer {
  private byte[] bytes = new byte[1 << 17];
  private int length;

  int length() {
    return length;
  }

  byte[] bytes() {
    return bytes;
  }

  void clear() {
    length = 0;
  }

  void putShort(int value) {
    int at = room(2);
    Decoder.SHORT.set(bytes, at, (short) value);
  }

  void putInt(int value) {
    int at = room(4);
    Decoder.INT.set(bytes, at, value);
  }

  void putLong(long value) {
    int at = room(8);
    Decoder.LONG.set(bytes, at, value);
  }

  void putByte(int value) {
    int at = room(1);
    bytes[at] = (byte) value;
  }

  void put(byte[] value) {
    int at = room(value.length);
    System.arraycopy(value, 0, bytes, at, value.length);
  }

  /** A length that is known only when what it is of was written. */
  int mark() {
    return room(4);
  }

  void lengthSince(int mark) {
    Decoder.INT.set(bytes, mark, length - mark - 4);
  }

  /** Where the next bytes go; the array may be another one afterwards. */
  private int room(int more) {
    int at = length;
    if (more > bytes.length - at) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(at, more)));
    }
    length = at + more;
    return at;
  }
}
