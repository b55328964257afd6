package dev.polder.door.http.internal.sql;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that fails when it goes on for too long. */
final class BoundedInput extends FilterInputStream {
  private final long limit;
  private long read;

  BoundedInput(InputStream in, long limit) {
    super(in);
    this.limit = limit;
  }

  @Override
  public int read() throws IOException {
    int value = super.read();
    if (value >= 0) {
      count(1);
    }
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n = super.read(buffer, offset, length);
    if (n > 0) {
      count(n);
    }
    return n;
  }

  static PolderException tooLarge(long limit) {
    return new PolderException(
        ErrorCode.REQUEST_TOO_LARGE, "the file is larger than " + limit + " bytes");
  }

  private void count(int n) {
    read += n;
    if (read > limit) {
      throw tooLarge(limit);
    }
  }
}
