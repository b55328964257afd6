package dev.polder.engine.internal.result;

import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The memory of one result. A client's last batches may still be on their way when the result is
 * closed: then the memory ends with the last buffer, on the thread that frees it. Nothing is
 * allocated after the close. Thread-safe.
 */
public final class ResultMemory implements AutoCloseable {
  private final BufferAllocator allocator;
  private boolean ended;
  private boolean closed;

  public ResultMemory(BufferAllocator parent, String name) {
    AllocationListener listener =
        new AllocationListener() {
          @Override
          public void onRelease(long size) {
            closeIfUnused();
          }
        };
    allocator = parent.newChildAllocator(name, listener, 0, parent.getLimit());
  }

  public BufferAllocator allocator() {
    return allocator;
  }

  @Override
  public synchronized void close() {
    ended = true;
    closeIfUnused();
  }

  private synchronized void closeIfUnused() {
    if (ended && !closed && allocator.getAllocatedMemory() == 0) {
      closed = true;
      allocator.close();
    }
  }
}
