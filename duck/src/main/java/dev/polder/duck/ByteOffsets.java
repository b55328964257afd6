package dev.polder.duck;

/**
 * Converts offsets in a text's UTF-8 form, as DuckDB reports them, to offsets in the Java string.
 * Immutable.
 */
public final class ByteOffsets {
  private final String text;
  private final int[] charAt;

  private ByteOffsets(String text, int[] charAt) {
    this.text = text;
    this.charAt = charAt;
  }

  public static ByteOffsets of(String text) {
    int bytes = 0;
    boolean ascii = true;
    for (int i = 0; i < text.length(); i++) {
      int width = width(text, i);
      ascii &= width == 1;
      bytes += width;
    }
    if (ascii) {
      return new ByteOffsets(text, new int[0]);
    }
    int[] charAt = new int[bytes + 1];
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      int width = width(text, i);
      for (int b = 0; b < width; b++) {
        charAt[at++] = i;
      }
    }
    charAt[at] = text.length();
    return new ByteOffsets(text, charAt);
  }

  /**
   * Bytes that the char adds: a surrogate pair counts four on its first half, none on its second.
   */
  private static int width(String text, int i) {
    char c = text.charAt(i);
    if (c < 0x80) {
      return 1;
    }
    if (c < 0x800) {
      return 2;
    }
    if (Character.isHighSurrogate(c)
        && i + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(i + 1))) {
      return 4;
    }
    if (Character.isLowSurrogate(c) && i > 0 && Character.isHighSurrogate(text.charAt(i - 1))) {
      return 0;
    }
    // An unpaired surrogate is encoded as '?'.
    return Character.isSurrogate(c) ? 1 : 3;
  }

  /** The char that holds the byte; offsets past the end give the text's length. */
  public int toChar(long byteOffset) {
    if (byteOffset < 0) {
      return 0;
    }
    if (charAt.length == 0) {
      return (int) Math.min(byteOffset, text.length());
    }
    return charAt[(int) Math.min(byteOffset, charAt.length - 1)];
  }
}
