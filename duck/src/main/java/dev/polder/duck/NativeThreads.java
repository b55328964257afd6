package dev.polder.duck;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The platform threads on which every DuckDB call runs. Their stacks are large, because DuckDB's
 * binder recurses, and their number is bounded; callers (usually virtual threads) wait cheaply. A
 * small reserve serves interrupts, so that a statement can be cancelled while every thread is
 * taken. Thread-safe.
 */
public final class NativeThreads implements AutoCloseable {
  /** What the deepest statement that the lexer lets through needs, with room to spare. */
  public static final long DEFAULT_STACK_BYTES = 128L << 20;

  private static final int RESERVE = 2;

  private final ThreadPoolExecutor workers;
  private final ScheduledThreadPoolExecutor reserve;

  /** 16 threads, 1,000 waiting calls. */
  public NativeThreads() {
    this(16, 1_000, DEFAULT_STACK_BYTES);
  }

  /**
   * @param queueBound calls that may wait for a thread before {@code SERVER_BUSY}
   */
  public NativeThreads(int threads, int queueBound, long stackBytes) {
    workers = pool("duckdb", threads, queueBound, stackBytes);
    reserve = new ScheduledThreadPoolExecutor(RESERVE, factory("duckdb-reserve", 16L << 20));
    reserve.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static ThreadPoolExecutor pool(String name, int threads, int queue, long stackBytes) {
    return new ThreadPoolExecutor(
        threads,
        threads,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(queue),
        factory(name, stackBytes));
  }

  private static ThreadFactory factory(String name, long stackBytes) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new NativeThread(task, name + "-" + number.incrementAndGet(), stackBytes);
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Runs the call on a native thread; see {@link #call(Callable, Runnable)}. */
  public <T extends @Nullable Object> T call(Callable<T> call) {
    return call(call, () -> {});
  }

  /**
   * Runs the call on a native thread and waits for its end. An interrupt of a caller that still
   * queues takes the call back; once the call runs, {@code onInterrupt} is run (on the reserve) to
   * make it end early, and its outcome is still awaited: a native call is never left unattended.
   */
  public <T extends @Nullable Object> T call(Callable<T> call, Runnable onInterrupt) {
    if (Thread.currentThread() instanceof NativeThread) {
      return direct(call);
    }
    Attended<T> task = new Attended<>(call);
    submit(workers, task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
          if (task.takeBack()) {
            workers.remove(task);
            throw new PolderException(ErrorCode.STATEMENT_CANCELLED, "the statement was cancelled");
          }
          onReserve(onInterrupt);
        } catch (ExecutionException e) {
          throw translated(e.getCause() == null ? e : e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Runs a call that gives something back (a close, a detach): it is neither refused nor taken
   * back, whatever happens to the caller.
   */
  public void release(Callable<?> call) {
    if (Thread.currentThread() instanceof NativeThread) {
      direct(call);
      return;
    }
    FutureTask<?> task = new FutureTask<>(call);
    try {
      workers.execute(task);
    } catch (RejectedExecutionException e) {
      if (workers.isShutdown()) {
        task.run();
      } else {
        reserve.execute(task);
      }
    }
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw translated(e.getCause() == null ? e : e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Runs a short task on the reserve after a while. */
  void onReserveLater(Runnable task, long millis) {
    if (!reserve.isShutdown()) {
      var _ = reserve.schedule(task, millis, TimeUnit.MILLISECONDS);
    }
  }

  /** Runs a short task that must not wait behind statements, such as an interrupt. */
  public void onReserve(Runnable task) {
    submit(reserve, task);
  }

  /** Threads that run a call right now. */
  public int active() {
    return workers.getActiveCount();
  }

  /** Calls that wait for a thread. */
  public int queued() {
    return workers.getQueue().size();
  }

  private static void submit(ThreadPoolExecutor pool, Runnable task) {
    try {
      pool.execute(task);
    } catch (RejectedExecutionException e) {
      if (pool.isShutdown()) {
        throw new PolderException(ErrorCode.SHUTTING_DOWN, "the server is shutting down", e);
      }
      throw new PolderException(
          ErrorCode.SERVER_BUSY,
          "too many statements are waiting for the engine; try again in a moment",
          e);
    }
  }

  private static <T extends @Nullable Object> T direct(Callable<T> call) {
    try {
      return call.call();
    } catch (Exception e) {
      throw translated(e);
    }
  }

  private static RuntimeException translated(Throwable cause) {
    return switch (cause) {
      case PolderException e -> e;
      case SQLException e -> DuckErrors.translate(e);
      case Error e -> throw e;
      case RuntimeException e -> e;
      default -> new PolderException(ErrorCode.INTERNAL_ERROR, "a native call failed", cause);
    };
  }

  /** Lets running calls end; calls that still wait are run too. */
  @Override
  public void close() {
    workers.shutdown();
    reserve.shutdown();
    try {
      if (!workers.awaitTermination(30, TimeUnit.SECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private static final class NativeThread extends Thread {
    NativeThread(Runnable task, String name, long stackBytes) {
      super(null, task, name, stackBytes, false);
    }
  }

  /** A task that knows whether it has begun. */
  private static final class Attended<T extends @Nullable Object> extends FutureTask<T> {
    private final AtomicBoolean claimed;

    Attended(Callable<T> call) {
      super(call);
      claimed = new AtomicBoolean();
    }

    @Override
    public void run() {
      if (claimed.compareAndSet(false, true)) {
        super.run();
      }
    }

    boolean takeBack() {
      return claimed.compareAndSet(false, true);
    }
  }
}
