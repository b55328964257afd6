package dev.polder.door.http.internal.result;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.polder.engine.Result;
import dev.polder.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Writes one column's values as JSON or as plain text. Bound to a vector; one thread. */
abstract class ColumnEncoder {
  private final FieldVector vector;

  ColumnEncoder(FieldVector vector) {
    this.vector = vector;
  }

  static List<ColumnEncoder> of(List<Result.Column> columns, VectorSchemaRoot root) {
    List<ColumnEncoder> encoders = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      encoders.add(Encoders.of(root.getVector(i), DuckType.parse(columns.get(i).type())));
    }
    return encoders;
  }

  final void writeJson(JsonGenerator out, int row) throws IOException {
    if (vector.isNull(row)) {
      out.writeNull();
    } else {
      json(out, row);
    }
  }

  /** Null for NULL; what is nested comes as JSON. */
  final @Nullable String text(int row) throws IOException {
    return vector.isNull(row) ? null : plain(row);
  }

  abstract void json(JsonGenerator out, int row) throws IOException;

  abstract String plain(int row) throws IOException;

  /** A value that is a text in JSON too. */
  interface Text {
    String of(int row);
  }

  /** A value that JSON has a form for, whose text is that form. */
  interface Native {
    void write(JsonGenerator out, int row) throws IOException;
  }

  static ColumnEncoder text(FieldVector vector, Text text) {
    return new ColumnEncoder(vector) {
      @Override
      void json(JsonGenerator out, int row) throws IOException {
        out.writeString(text.of(row));
      }

      @Override
      String plain(int row) {
        return text.of(row);
      }
    };
  }

  static ColumnEncoder number(FieldVector vector, Native json, Text text) {
    return new ColumnEncoder(vector) {
      @Override
      void json(JsonGenerator out, int row) throws IOException {
        json.write(out, row);
      }

      @Override
      String plain(int row) {
        return text.of(row);
      }
    };
  }

  static ColumnEncoder nested(FieldVector vector, Native json) {
    return new ColumnEncoder(vector) {
      @Override
      void json(JsonGenerator out, int row) throws IOException {
        json.write(out, row);
      }

      @Override
      String plain(int row) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = Json.generator(bytes)) {
          json.write(out, row);
        }
        return bytes.toString(StandardCharsets.UTF_8);
      }
    };
  }
}
