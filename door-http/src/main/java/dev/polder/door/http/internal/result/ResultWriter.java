package dev.polder.door.http.internal.result;

import dev.polder.engine.Result;
import dev.polder.http.Failure;
import dev.polder.model.Notice;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Encodes one result on its way to the client, holding no more than a batch. One thread. */
public interface ResultWriter {
  /** The columns; {@code root} is the one that every batch will be loaded into. */
  void begin(List<Result.Column> columns, VectorSchemaRoot root) throws IOException;

  /** The rows that {@code root} holds now. */
  void batch(VectorSchemaRoot root) throws IOException;

  void end(Summary summary) throws IOException;

  /** A result without rows. */
  void updated(Summary summary) throws IOException;

  /** Says within the encoding, as far as it can, that the rows so far are not all. */
  void fail(Failure failure) throws IOException;

  /**
   * What is known at the end.
   *
   * @param updateCount −1 for statements that change no rows
   */
  record Summary(long rowCount, long updateCount, long elapsedNanos, List<Notice> notices) {}
}
