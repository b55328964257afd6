package dev.polder.door.flight.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** A small table of the door's own making, sent as one batch. Not thread-safe. */
final class Table {
  private final Schema schema;
  private final List<@Nullable Object[]> rows = new ArrayList<>();

  Table(Schema schema) {
    this.schema = schema;
  }

  void add(@Nullable Object... row) {
    rows.add(row);
  }

  /** Sends the rows without ending the call. */
  void send(BufferAllocator allocator, ServerStreamListener client) {
    try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
      root.allocateNew();
      for (int row = 0; row < rows.size(); row++) {
        @Nullable Object[] values = rows.get(row);
        for (int column = 0; column < values.length; column++) {
          set(root.getVector(column), row, values[column]);
        }
      }
      root.setRowCount(rows.size());
      client.start(root);
      if (!rows.isEmpty()) {
        client.putNext();
      }
    }
  }

  private static void set(FieldVector vector, int row, @Nullable Object value) {
    if (value == null) {
      if (!(vector instanceof ListVector)) {
        vector.setNull(row);
      }
      return;
    }
    switch (vector) {
      case VarCharVector v -> v.setSafe(row, value.toString().getBytes(StandardCharsets.UTF_8));
      case VarBinaryVector v -> v.setSafe(row, (byte[]) value);
      case IntVector v -> v.setSafe(row, (Integer) value);
      case BigIntVector v -> v.setSafe(row, (Long) value);
      case BitVector v -> v.setSafe(row, (Boolean) value ? 1 : 0);
      case ListVector v -> setList(v, row, (List<?>) value);
      default -> throw new IllegalStateException("no cell of type " + vector.getField().getType());
    }
  }

  private static void setList(ListVector vector, int row, List<?> values) {
    UnionListWriter writer = vector.getWriter();
    writer.setPosition(row);
    writer.startList();
    for (Object value : values) {
      writer.writeVarChar(value.toString());
    }
    writer.endList();
  }
}
