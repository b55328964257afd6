package dev.polder.door.flight.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a client uploads, as a reader of batches; each is asked of the client when it is read. Does
 * not own the stream.
 */
final class StreamReader extends ArrowReader {
  private final FlightStream stream;
  private long read;

  StreamReader(FlightStream stream, BufferAllocator allocator) {
    super(allocator);
    this.stream = stream;
  }

  @Override
  public VectorSchemaRoot getVectorSchemaRoot() {
    return stream.getRoot();
  }

  @Override
  public boolean loadNextBatch() {
    while (stream.next()) {
      if (stream.hasRoot() && stream.getRoot().getRowCount() > 0) {
        read += BatchStream.bytes(stream.getRoot());
        return true;
      }
    }
    return false;
  }

  @Override
  public Map<Long, Dictionary> getDictionaryVectors() {
    DictionaryProvider provider = stream.getDictionaryProvider();
    Map<Long, Dictionary> dictionaries = new HashMap<>();
    for (Long id : provider.getDictionaryIds()) {
      dictionaries.put(id, provider.lookup(id));
    }
    return dictionaries;
  }

  @Override
  public @Nullable Dictionary lookup(long id) {
    return stream.getDictionaryProvider().lookup(id);
  }

  @Override
  public Set<Long> getDictionaryIds() {
    return stream.getDictionaryProvider().getDictionaryIds();
  }

  @Override
  public long bytesRead() {
    return read;
  }

  @Override
  protected void closeReadSource() {}

  @Override
  protected Schema readSchema() {
    return stream.getSchema();
  }
}
