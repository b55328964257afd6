package dev.polder.lake.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** Streams that are counted and digested with SHA-256 as they pass. One owner. */
final class Digested extends FilterOutputStream {
  private static final int BUFFER = 1 << 16;

  private final MessageDigest digest = sha256();
  private long bytes;

  Digested(OutputStream target) {
    super(target);
  }

  /** What a stream holds. */
  record Content(long bytes, String sha256) {}

  /**
   * Reads a stream to its end, into another one.
   *
   * @param passed hears of bytes
   */
  static Content copy(InputStream in, OutputStream out, LongConsumer passed) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER];
    long bytes = 0;
    int read = in.read(buffer);
    while (read >= 0) {
      digest.update(buffer, 0, read);
      out.write(buffer, 0, read);
      bytes += read;
      passed.accept(read);
      read = in.read(buffer);
    }
    return new Content(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  static Content read(InputStream in, LongConsumer passed) throws IOException {
    return copy(in, nullOutputStream(), passed);
  }

  /** What was written; asked for once, at the end. */
  Content content() {
    return new Content(bytes, HexFormat.of().formatHex(digest.digest()));
  }

  @Override
  public void write(int value) throws IOException {
    out.write(value);
    digest.update((byte) value);
    bytes++;
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    out.write(buffer, offset, length);
    digest.update(buffer, offset, length);
    bytes += length;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
