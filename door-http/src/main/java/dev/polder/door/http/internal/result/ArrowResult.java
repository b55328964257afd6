package dev.polder.door.http.internal.result;

import dev.polder.engine.Result;
import dev.polder.http.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An Arrow IPC stream. A count is the schema's metadata {@code updateCount} of a stream without
 * columns. After a failure the end marker is missing and the connection is cut.
 */
final class ArrowResult implements ResultWriter {
  private final OutputStream sink;
  private @Nullable ArrowStreamWriter writer;

  ArrowResult(OutputStream sink) {
    this.sink = sink;
  }

  @Override
  public void begin(List<Result.Column> columns, VectorSchemaRoot root) throws IOException {
    // Not closed: closing would close the root, which is the result's.
    writer =
        new ArrowStreamWriter(
            root, new DictionaryProvider.MapDictionaryProvider(), Channels.newChannel(sink));
    writer.start();
  }

  @Override
  public void batch(VectorSchemaRoot root) throws IOException {
    if (writer != null) {
      writer.writeBatch();
    }
  }

  @Override
  public void end(Summary summary) throws IOException {
    if (writer != null) {
      writer.end();
    }
  }

  @Override
  public void updated(Summary summary) throws IOException {
    Schema schema = new Schema(List.<Field>of(), java.util.Map.of("updateCount", count(summary)));
    WriteChannel channel = new WriteChannel(Channels.newChannel(sink));
    MessageSerializer.serialize(channel, schema);
    ArrowStreamWriter.writeEndOfStream(
        channel, org.apache.arrow.vector.ipc.message.IpcOption.DEFAULT);
  }

  @Override
  public void fail(Failure failure) {
    // The stream ends without its end marker.
  }

  private static String count(Summary summary) {
    return summary.updateCount() < 0 ? "" : Long.toString(summary.updateCount());
  }
}
