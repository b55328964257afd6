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
    Decoder.SHORT.set(bytes, room(2), (short) value);
  }

  void putInt(int value) {
    Decoder.INT.set(bytes, room(4), value);
  }

  void putLong(long value) {
    Decoder.LONG.set(bytes, room(8), value);
  }

  void putByte(int value) {
    bytes[room(1)] = (byte) value;
  }

  void put(byte[] value) {
    System.arraycopy(value, 0, bytes, room(value.length), value.length);
  }

  /** A length that is known only when what it is of was written. */
  int mark() {
    return room(4);
  }

  void lengthSince(int mark) {
    Decoder.INT.set(bytes, mark, length - mark - 4);
  }

  private int room(int more) {
    int at = length;
    if (more > bytes.length - at) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(at, more)));
    }
    length = at + more;
    return at;
  }
}
