package dev.polder.lake.io;

/** A file store that may hold written files back from the disk until it is told. Thread-safe. */
public interface Durable {
  /** When this returns, every file that was closed before the call survives a power loss. */
  void sync();
}
