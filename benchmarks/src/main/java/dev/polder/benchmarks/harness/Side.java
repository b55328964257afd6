package dev.polder.benchmarks.harness;

/** One of the sides that do the same work. */
public record Side(String name, Work work) {

  /** Does the work once. */
  @FunctionalInterface
  public interface Work {
    /**
     * Reads the whole answer.
     *
     * @param hash whether the rows' contents are to be hashed, which no timed run asks for
     */
    Answer run(boolean hash) throws Exception;
  }
}
