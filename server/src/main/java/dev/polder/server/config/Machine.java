package dev.polder.server.config;

import java.lang.management.ManagementFactory;

/** What defaults are derived from. Immutable. */
public record Machine(int processors, ByteSize memory, ByteSize heap) {

  /** The machine, or the container, that this process runs in. */
  public static Machine current() {
    Runtime runtime = Runtime.getRuntime();
    long memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 4L << 30;
    return new Machine(
        runtime.availableProcessors(), new ByteSize(memory), new ByteSize(runtime.maxMemory()));
  }
}
