package dev.polder.http;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * How long and how large a JSON body may be. A client that sends one byte at a time is cut off by
 * the whole body's time. Immutable.
 */
public record BodyLimits(long maxBytes, Duration maxTime) {
  private static final int CHUNK = 8192;
  private static final long MOST_DRAINED = 64L << 20;
  private static final long LONGEST_DRAIN_NANOS = 2_000_000_000L;

  BodyLimits atMost(long bytes) {
    return new BodyLimits(Math.min(maxBytes, bytes), maxTime);
  }

  byte[] read(HttpServletRequest request) throws IOException {
    long declared = request.getContentLengthLong();
    if (declared > maxBytes) {
      throw tooLarge();
    }
    long deadline = System.nanoTime() + maxTime.toNanos();
    try (InputStream in = request.getInputStream()) {
      var body = new ByteArrayOutputStream((int) Math.clamp(declared, 64, 8L * CHUNK));
      byte[] buffer = new byte[CHUNK];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (body.size() + n > maxBytes) {
          throw tooLarge();
        }
        if (System.nanoTime() - deadline > 0) {
          throw new PolderException(
              ErrorCode.REQUEST_TIMEOUT,
              "the body did not arrive within " + maxTime.toSeconds() + " s");
        }
        body.write(buffer, 0, n);
      }
      return body.toByteArray();
    }
  }

  /**
   * Reads on for a while after a refusal: closing a connection on which a client still sends would
   * destroy the answer on its way.
   */
  void drain(HttpServletRequest request) throws IOException {
    long deadline = System.nanoTime() + LONGEST_DRAIN_NANOS;
    byte[] buffer = new byte[CHUNK];
    InputStream in = request.getInputStream();
    long drained = 0;
    for (int n = in.read(buffer);
        n >= 0 && drained < MOST_DRAINED && System.nanoTime() - deadline < 0;
        n = in.read(buffer)) {
      drained += n;
    }
  }

  private PolderException tooLarge() {
    return new PolderException(
        ErrorCode.REQUEST_TOO_LARGE, "the body is larger than " + maxBytes + " bytes");
  }
}
