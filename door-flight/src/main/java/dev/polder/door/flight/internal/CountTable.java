package dev.polder.door.flight.internal;

import java.util.List;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** The answer to a statement without rows for a client that asked for rows: its count. */
final class CountTable {
  static final Schema SCHEMA =
      new Schema(List.of(Field.nullable("Count", new ArrowType.Int(64, true))));

  private CountTable() {}

  static void send(long count, BufferAllocator allocator, ServerStreamListener client) {
    Table table = new Table(SCHEMA);
    if (count >= 0) {
      table.add(count);
    }
    table.send(allocator, client);
  }
}
