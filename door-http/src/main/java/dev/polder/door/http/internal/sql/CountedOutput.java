package dev.polder.door.http.internal.sql;

import dev.polder.engine.Traffic;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A response's body whose bytes count for its session. For one thread. */
final class CountedOutput extends FilterOutputStream {
  private final Traffic traffic;

  CountedOutput(OutputStream out, Traffic traffic) {
    super(out);
    this.traffic = traffic;
  }

  @Override
  public void write(int b) throws IOException {
    out.write(b);
    traffic.sent(1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    out.write(bytes, from, length);
    traffic.sent(length);
  }
}
