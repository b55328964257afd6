package dev.polder.duck;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.duckdb.DuckDBConnection;

/**
 * Ends one native step of one connection. DuckDB forgets an interrupt that arrives before a
 * statement has begun and obeys one that arrives after the next has begun, so the interrupt is
 * repeated until the step ends and never sent after it.
 *
 * <p>The driver's own {@code cancel()} does nothing while a streaming result is fetched and waits
 * while a statement is bound; hence its native call is used directly.
 */
final class Interrupter implements Runnable {
  private static final long AGAIN_MILLIS = 20;
  private static final VarHandle CONNECTION;
  private static final MethodHandle INTERRUPT;

  static {
    try {
      MethodHandles.Lookup driver =
          MethodHandles.privateLookupIn(DuckDBConnection.class, MethodHandles.lookup());
      CONNECTION = driver.findVarHandle(DuckDBConnection.class, "connRef", ByteBuffer.class);
      INTERRUPT =
          driver.findStatic(
              driver.findClass("org.duckdb.DuckDBNative"),
              "duckdb_jdbc_interrupt",
              MethodType.methodType(void.class, ByteBuffer.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final DuckDBConnection connection;
  private final NativeThreads threads;
  private boolean ended;

  Interrupter(DuckDBConnection connection, NativeThreads threads) {
    this.connection = connection;
    this.threads = threads;
  }

  /** Called when the statement is cancelled; returns at once. */
  @Override
  public void run() {
    threads.onReserveLater(this::send, 0);
  }

  private synchronized void send() {
    if (ended) {
      return;
    }
    try {
      ByteBuffer reference = (ByteBuffer) CONNECTION.get(connection);
      if (reference != null) {
        INTERRUPT.invokeExact(reference);
      }
    } catch (Throwable e) {
      throw new PolderException(ErrorCode.INTERNAL_ERROR, "the interrupt failed", e);
    }
    threads.onReserveLater(this::send, AGAIN_MILLIS);
  }

  /** After this no interrupt is sent. */
  synchronized void end() {
    ended = true;
  }
}
