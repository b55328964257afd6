package dev.polder.door.http.internal.result;

import dev.polder.engine.Result;
import dev.polder.http.Failure;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * RFC 4180 with a header row, lines ended by CRLF. NULL is an empty field, an empty text is {@code
 * ""}; nested values are JSON. CSV has no place for a failure: the connection is cut instead.
 */
final class CsvResult implements ResultWriter {
  private static final int BUFFER = 16 * 1024;
  private final Writer out;
  private List<ColumnEncoder> encoders = List.of();

  CsvResult(OutputStream sink) {
    this.out =
        new BufferedWriter(
            new OutputStreamWriter(sink, StandardCharsets.UTF_8.newEncoder()), BUFFER);
  }

  @Override
  public void begin(List<Result.Column> columns, VectorSchemaRoot root) throws IOException {
    encoders = ColumnEncoder.of(columns, root);
    for (int i = 0; i < columns.size(); i++) {
      separate(i);
      field(columns.get(i).name());
    }
    out.write("\r\n");
  }

  @Override
  public void batch(VectorSchemaRoot root) throws IOException {
    int rows = root.getRowCount();
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < encoders.size(); i++) {
        separate(i);
        field(encoders.get(i).text(row));
      }
      out.write("\r\n");
    }
  }

  @Override
  public void end(Summary summary) throws IOException {
    out.flush();
  }

  @Override
  public void updated(Summary summary) throws IOException {
    out.write("updateCount\r\n");
    out.write(summary.updateCount() < 0 ? "" : Long.toString(summary.updateCount()));
    out.write("\r\n");
    out.flush();
  }

  @Override
  public void fail(Failure failure) throws IOException {
    out.flush();
  }

  private void separate(int column) throws IOException {
    if (column > 0) {
      out.write(',');
    }
  }

  private void field(@Nullable String text) throws IOException {
    if (text == null) {
      return;
    }
    if (!needsQuotes(text)) {
      out.write(text);
      return;
    }
    out.write('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        out.write('"');
      }
      out.write(c);
    }
    out.write('"');
  }

  private static boolean needsQuotes(String text) {
    if (text.isEmpty() || text.charAt(0) == ' ' || text.charAt(text.length() - 1) == ' ') {
      return true;
    }
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '"', ',', '\r', '\n' -> {
          return true;
        }
        default -> {}
      }
    }
    return false;
  }
}
