package dev.polder.lake.mirror;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * An answer's body that ends with a failure when the other side sends nothing for too long: a
 * connection that swallows everything would otherwise hold its reader for ever. One owner.
 */
final class IdleBody extends FilterInputStream {
  private final long idleNanos;
  private final ScheduledFuture<?> watch;
  private volatile long since;
  private volatile boolean reading;
  private volatile boolean silent;

  IdleBody(InputStream body, Duration idle, ScheduledExecutorService timer) {
    super(body);
    this.idleNanos = idle.toNanos();
    long period = Math.max(1, idle.toMillis() / 10);
    watch = timer.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
  }

  private void look() {
    if (reading && System.nanoTime() - since > idleNanos) {
      silent = true;
      try {
        in.close(); // It wakes the reader, which fails.
      } catch (IOException e) {
        watch.cancel(false);
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    since = System.nanoTime();
    reading = true;
    try {
      int count = in.read(bytes, offset, length);
      if (count < 0 && silent) {
        throw new IOException("closed");
      }
      return count;
    } catch (IOException e) {
      throw silent
          ? new IOException(
              "the other server sent nothing for "
                  + TimeUnit.NANOSECONDS.toSeconds(idleNanos)
                  + " s",
              e)
          : e;
    } finally {
      reading = false;
    }
  }

  @Override
  public void close() throws IOException {
    watch.cancel(false);
    super.close();
  }
}
