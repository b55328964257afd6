package dev.polder.duck;

/** What the statements of one instance may take together. Immutable. */
public record InstanceLimits(long memoryBytes, int threads, long tempBytes) {
  public InstanceLimits {
    if (threads < 1 || memoryBytes < 1 || tempBytes < 0) {
      throw new IllegalArgumentException("threads, memory and temporary space must be positive");
    }
  }
}
