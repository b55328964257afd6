package dev.polder.door.flight.internal;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Reads the parameter rows that a client binds. */
final class ParameterRows {
  private ParameterRows() {}

  static List<List<@Nullable Object>> read(FlightStream stream, long mostBytes) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    VectorValues values = new VectorValues(stream.getDictionaryProvider());
    long bytes = 0;
    while (stream.next()) {
      if (!stream.hasRoot()) {
        continue;
      }
      VectorSchemaRoot root = stream.getRoot();
      for (FieldVector vector : root.getFieldVectors()) {
        // Objects weigh more than the buffers they came from.
        bytes += vector.getBufferSize() + 16L * root.getRowCount();
      }
      if (bytes > mostBytes) {
        throw new PolderException(
            ErrorCode.STATEMENT_TOO_LARGE,
            "the bound parameters exceed "
                + mostBytes
                + " bytes; bind fewer rows at a time or use bulk ingestion");
      }
      for (int row = 0; row < root.getRowCount(); row++) {
        List<@Nullable Object> parameters = new ArrayList<>(root.getFieldVectors().size());
        for (FieldVector vector : root.getFieldVectors()) {
          parameters.add(values.read(vector, row));
        }
        rows.add(parameters);
      }
    }
    return rows;
  }
}
