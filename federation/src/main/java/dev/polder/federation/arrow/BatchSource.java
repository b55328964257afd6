package dev.polder.federation.arrow;

import org.apache.arrow.vector.VectorSchemaRoot;

/** Where batches of rows come from. One thread at a time, but for {@link #cancel}. */
public interface BatchSource extends AutoCloseable {
  /**
   * Fills an empty root with the next rows.
   *
   * @return false, and no rows, at the end
   */
  boolean next(VectorSchemaRoot root);

  /** Makes a call of {@link #next} that waits fail soon; from any thread. */
  void cancel();

  /** Ends what the batches come from; called once, by the thread that called {@link #next} last. */
  @Override
  void close();
}
