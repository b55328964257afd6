package dev.polder.door.http.internal.result;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.polder.engine.Result;
import dev.polder.http.Failure;
import dev.polder.http.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * A line for each row, an object with the columns' names. A failure is a last line of its own,
 * {@code {"error":{…}}}. Names that occur twice get {@code _1}, {@code _2} … appended.
 */
final class NdjsonResult implements ResultWriter {
  private final OutputStream sink;
  private final JsonGenerator out;
  private List<ColumnEncoder> encoders = List.of();
  private List<SerializedString> names = List.of();

  NdjsonResult(OutputStream sink) throws IOException {
    this.sink = sink;
    this.out = Json.generator(sink);
    out.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
  }

  @Override
  public void begin(List<Result.Column> columns, VectorSchemaRoot root) {
    encoders = ColumnEncoder.of(columns, root);
    List<String> unique = new ArrayList<>();
    for (Result.Column column : columns) {
      String name = column.name();
      for (int n = 1; unique.contains(name); n++) {
        name = column.name() + "_" + n;
      }
      unique.add(name);
    }
    names = unique.stream().map(SerializedString::new).toList();
  }

  @Override
  public void batch(VectorSchemaRoot root) throws IOException {
    int rows = root.getRowCount();
    for (int row = 0; row < rows; row++) {
      out.writeStartObject();
      for (int i = 0; i < encoders.size(); i++) {
        out.writeFieldName(names.get(i));
        encoders.get(i).writeJson(out, row);
      }
      out.writeEndObject();
    }
  }

  @Override
  public void end(Summary summary) throws IOException {
    finish(summary.rowCount() > 0);
  }

  @Override
  public void updated(Summary summary) throws IOException {
    out.writeStartObject();
    out.writeNumberField("updateCount", Math.max(summary.updateCount(), 0));
    out.writeEndObject();
    finish(true);
  }

  @Override
  public void fail(Failure failure) throws IOException {
    // A row that broke off stays broken: its line does not parse, and the next one says why.
    out.flush();
    sink.write('\n');
    sink.write(failure.body());
    sink.write('\n');
  }

  private void finish(boolean anything) throws IOException {
    out.flush();
    if (anything) {
      sink.write("\n".getBytes(StandardCharsets.US_ASCII));
    }
  }
}
