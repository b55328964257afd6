package dev.polder.door.flight.internal;

import com.google.protobuf.ByteString;
import dev.polder.engine.Description;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** The schemas of a prepared statement, and their encoding. */
final class StatementSchemas {
  private StatementSchemas() {}

  /** The rows' schema; none for statements that answer a count. */
  static ByteString result(Description description) {
    return description.returnsRows() ? encode(description.schema()) : ByteString.EMPTY;
  }

  static ByteString parameters(Description description) {
    List<Field> fields = new ArrayList<>();
    List<String> types = description.parameters();
    for (int i = 0; i < types.size(); i++) {
      fields.add(DuckTypes.field("parameter_" + (i + 1), types.get(i), true, Map.of()));
    }
    return encode(new Schema(fields));
  }

  static byte[] bytes(Schema schema) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      MessageSerializer.serialize(new WriteChannel(Channels.newChannel(bytes)), schema);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static ByteString encode(Schema schema) {
    return ByteString.copyFrom(bytes(schema));
  }
}
