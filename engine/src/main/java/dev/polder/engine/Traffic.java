package dev.polder.engine;

import java.util.concurrent.atomic.LongAdder;

/** Bytes of statements, parameters and results, as the session's door counts them. Thread-safe. */
public final class Traffic {
  private final LongAdder in = new LongAdder();
  private final LongAdder out = new LongAdder();

  public void received(long bytes) {
    in.add(bytes);
  }

  public void sent(long bytes) {
    out.add(bytes);
  }

  public long bytesIn() {
    return in.sum();
  }

  public long bytesOut() {
    return out.sum();
  }
}
