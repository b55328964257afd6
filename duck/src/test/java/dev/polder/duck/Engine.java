package dev.polder.duck;

import java.nio.file.Path;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** A running instance over one directory of data, for tests. */
public final class Engine implements AutoCloseable {
  public final NativeThreads threads;
  public final BufferAllocator allocator = new RootAllocator();
  public final Instance instance;
  public final Path data;

  public Engine(Path directory) {
    this(directory, 4);
  }

  public Engine(Path directory, int threadCount) {
    threads = new NativeThreads(threadCount, 100, NativeThreads.DEFAULT_STACK_BYTES);
    data = directory.resolve("data");
    instance =
        Instance.start(
            threads,
            new InstanceConfig(
                directory.resolve("instance"),
                List.of(data.toString()),
                new InstanceLimits(512L << 20, 2, 1L << 30),
                directory.resolve("extensions"),
                List.of()));
  }

  /** The first row's values as text. */
  public List<List<Object>> rows(String sql, Object... parameters) {
    try (InstanceConnection connection = instance.connect()) {
      return connection.rows(sql, java.util.Arrays.asList(parameters));
    }
  }

  @Override
  public void close() {
    instance.close();
    threads.close();
    allocator.close();
  }
}
