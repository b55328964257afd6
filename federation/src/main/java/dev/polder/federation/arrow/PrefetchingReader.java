package dev.polder.federation.arrow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads from sources ahead of whoever asks, each source on a thread of its own and never more than
 * a batch or two: the memory is that of as many batches. Batches of several sources come in any
 * order. Used by one thread; closing ends the sources and waits for them.
 */
public final class PrefetchingReader extends ArrowReader {
  // Sources decode, which would hold a virtual thread's carrier for long; and some are native.
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("source-read-", 0).factory());

  private final Schema schema;
  private final List<BatchSource> sources;
  private final BlockingQueue<Item> ready;
  private final AtomicInteger running;
  private volatile boolean stopped;
  private int ended;
  private long bytes;
  private @Nullable Throwable failure;

  private sealed interface Item {}

  private record Batch(VectorSchemaRoot root) implements Item {}

  private record Ended(@Nullable Throwable failure) implements Item {}

  /** Starts to read at once; the sources are given away. */
  public PrefetchingReader(Schema schema, List<BatchSource> sources, BufferAllocator allocator) {
    super(allocator);
    this.schema = schema;
    this.sources = List.copyOf(sources);
    // Every source can say that it ended even when nobody takes anything any more.
    this.ready = new ArrayBlockingQueue<>(sources.size() * 2 + 1);
    this.running = new AtomicInteger(sources.size());
    sources.forEach(source -> THREADS.execute(() -> produce(source)));
  }

  private void produce(BatchSource source) {
    Throwable problem = null;
    try (source) {
      while (!stopped && offerNext(source)) {
        // Each turn is a batch.
      }
    } catch (Throwable e) {
      problem = e;
    }
    offer(new Ended(problem));
    running.decrementAndGet();
  }

  private boolean offerNext(BatchSource source) {
    VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
    boolean given = false;
    try {
      if (source.next(root)) {
        given = offer(new Batch(root));
      }
    } finally {
      if (!given) {
        root.close();
      }
    }
    return given;
  }

  private boolean offer(Item item) {
    boolean interrupted = false;
    try {
      while (!stopped) {
        try {
          if (ready.offer(item, 100, TimeUnit.MILLISECONDS)) {
            return true;
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Fails with what its source failed with, again and again. */
  @Override
  public boolean loadNextBatch() throws java.io.IOException {
    prepareLoadNextBatch();
    if (failure != null) {
      throw rethrow(failure);
    }
    while (ended < sources.size()) {
      switch (take()) {
        case Batch(var root) -> {
          move(root);
          return true;
        }
        case Ended(var problem) -> {
          ended++;
          if (problem != null) {
            failure = problem;
            stop();
            throw rethrow(problem);
          }
        }
      }
    }
    return false;
  }

  private Item take() throws java.io.IOException {
    try {
      return ready.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("interrupted while waiting for rows");
    }
  }

  private void move(VectorSchemaRoot from) throws java.io.IOException {
    try (from) {
      VectorSchemaRoot to = getVectorSchemaRoot();
      for (int i = 0; i < from.getFieldVectors().size(); i++) {
        bytes += from.getVector(i).getBufferSize();
        from.getVector(i).makeTransferPair(to.getVector(i)).transfer();
      }
      to.setRowCount(from.getRowCount());
    }
  }

  private static RuntimeException rethrow(Throwable e) {
    return switch (e) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }

  private void stop() {
    if (!stopped) {
      stopped = true;
      sources.forEach(BatchSource::cancel);
    }
  }

  @Override
  public long bytesRead() {
    return bytes;
  }

  @Override
  protected void closeReadSource() {
    boolean all = ended == sources.size();
    if (all) {
      stopped = true;
    } else {
      stop();
    }
    boolean interrupted = false;
    while (running.get() > 0) {
      try {
        release(ready.poll(5, TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        // The sources use memory of the allocator, which is closed after this.
        interrupted = true;
      }
    }
    List<Item> left = new ArrayList<>();
    ready.drainTo(left);
    left.forEach(PrefetchingReader::release);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void release(@Nullable Item item) {
    if (item instanceof Batch(var root)) {
      root.close();
    }
  }

  @Override
  protected Schema readSchema() {
    return schema;
  }
}
