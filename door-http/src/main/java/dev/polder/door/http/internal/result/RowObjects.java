package dev.polder.door.http.internal.result;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import dev.polder.engine.Result;
import dev.polder.http.Json;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Rows as JSON objects in memory, for results known to be small. One thread. */
public final class RowObjects {
  private final List<Result.Column> columns;
  private final List<ColumnEncoder> encoders;

  public RowObjects(List<Result.Column> columns, VectorSchemaRoot root) {
    this.columns = columns;
    this.encoders = ColumnEncoder.of(columns, root);
  }

  public ObjectNode row(int row) throws IOException {
    try (TokenBuffer buffer = new TokenBuffer(Json.MAPPER, false)) {
      buffer.writeStartObject();
      for (int i = 0; i < encoders.size(); i++) {
        buffer.writeFieldName(columns.get(i).name());
        encoders.get(i).writeJson(buffer, row);
      }
      buffer.writeEndObject();
      return Json.MAPPER.readTree(buffer.asParser()) instanceof ObjectNode object
          ? object
          : Json.MAPPER.createObjectNode();
    }
  }
}
