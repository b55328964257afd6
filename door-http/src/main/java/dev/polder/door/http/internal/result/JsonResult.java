package dev.polder.door.http.internal.result;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonStreamContext;
import dev.polder.engine.Result;
import dev.polder.http.Failure;
import dev.polder.http.Json;
import dev.polder.model.Notice;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;

/** One object: columns, rows as arrays, then the counts; or an {@code error} member instead. */
final class JsonResult implements ResultWriter {
  private final JsonGenerator out;
  private List<ColumnEncoder> encoders = List.of();

  JsonResult(OutputStream sink) throws IOException {
    this.out = Json.generator(sink);
  }

  @Override
  public void begin(List<Result.Column> columns, VectorSchemaRoot root) throws IOException {
    encoders = ColumnEncoder.of(columns, root);
    out.writeStartObject();
    out.writeArrayFieldStart("columns");
    for (Result.Column column : columns) {
      out.writeStartObject();
      out.writeStringField("name", column.name());
      out.writeStringField("type", column.type());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeArrayFieldStart("rows");
  }

  @Override
  public void batch(VectorSchemaRoot root) throws IOException {
    int rows = root.getRowCount();
    for (int row = 0; row < rows; row++) {
      out.writeStartArray();
      for (ColumnEncoder encoder : encoders) {
        encoder.writeJson(out, row);
      }
      out.writeEndArray();
    }
  }

  @Override
  public void end(Summary summary) throws IOException {
    out.writeEndArray();
    summary(summary);
  }

  @Override
  public void updated(Summary summary) throws IOException {
    out.writeStartObject();
    out.writeArrayFieldStart("columns");
    out.writeEndArray();
    out.writeArrayFieldStart("rows");
    out.writeEndArray();
    summary(summary);
  }

  @Override
  public void fail(Failure failure) throws IOException {
    for (JsonStreamContext at = out.getOutputContext();
        at.getParent() != null && !at.getParent().inRoot();
        at = out.getOutputContext()) {
      if (at.inArray()) {
        out.writeEndArray();
      } else {
        out.writeEndObject();
      }
    }
    out.writeFieldName("error");
    failure.write(out);
    out.writeEndObject();
    out.close();
  }

  private void summary(Summary summary) throws IOException {
    out.writeNumberField("rowCount", summary.rowCount());
    if (summary.updateCount() < 0) {
      out.writeNullField("updateCount");
    } else {
      out.writeNumberField("updateCount", summary.updateCount());
    }
    out.writeNumberField("elapsedMs", Math.round(summary.elapsedNanos() / 1e3) / 1e3);
    out.writeArrayFieldStart("notices");
    for (Notice notice : summary.notices()) {
      out.writeStartObject();
      out.writeStringField("code", notice.code());
      out.writeStringField("message", notice.message());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
    out.close();
  }
}
