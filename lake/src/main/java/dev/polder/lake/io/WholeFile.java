package dev.polder.lake.io;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** Writes files that are there once they were written to their end, and otherwise not at all. */
public final class WholeFile {
  private WholeFile() {}

  /** Writes a file's content. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes all of it; a failure leaves no file.
     *
     * @param out closing it changes nothing
     */
    void write(OutputStream out) throws IOException;
  }

  /** An output that can be given up. */
  interface Abortable {
    /** Ends the output; the file does not come to be. */
    void abort() throws IOException;
  }

  public static void write(OutputFile file, Content content) throws IOException {
    PositionOutputStream out = file.create();
    try {
      content.write(new Unclosed(out));
    } catch (IOException | RuntimeException | Error e) {
      abort(out, e);
      throw e;
    }
    out.close();
  }

  private static void abort(PositionOutputStream out, Throwable failure) {
    try {
      abort(out);
    } catch (IOException | UncheckedIOException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * An object store's output has no end but one that completes the object. It is left open: what
   * was uploaded of it counts for nothing, and its local files go when it is finalized.
   */
  static void abort(PositionOutputStream out) throws IOException {
    if (out instanceof Abortable local) {
      local.abort();
    }
  }

  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
