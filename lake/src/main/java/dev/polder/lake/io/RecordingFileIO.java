package dev.polder.lake.io;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** A file store that remembers what was written through it and still exists. Thread-safe. */
public final class RecordingFileIO implements FileIO {
  private final transient FileIO files;
  private final transient Map<String, Long> written = new ConcurrentHashMap<>();

  public RecordingFileIO(FileIO files) {
    this.files = files;
  }

  /** Locations and sizes. */
  public Map<String, Long> written() {
    return Map.copyOf(written);
  }

  @Override
  public InputFile newInputFile(String location) {
    return files.newInputFile(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new Recorded(files.newOutputFile(location), written);
  }

  @Override
  public void deleteFile(String location) {
    files.deleteFile(location);
    written.remove(location);
  }

  private record Recorded(OutputFile file, Map<String, Long> written) implements OutputFile {
    @Override
    public PositionOutputStream create() {
      return new Stream(file.create(), location(), written);
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      return create();
    }

    @Override
    public String location() {
      return file.location();
    }

    @Override
    public InputFile toInputFile() {
      return file.toInputFile();
    }
  }

  private static final class Stream extends PositionOutputStream implements WholeFile.Abortable {
    private final PositionOutputStream stream;
    private final String location;
    private final Map<String, Long> written;
    private boolean closed;

    Stream(PositionOutputStream stream, String location, Map<String, Long> written) {
      this.stream = stream;
      this.location = location;
      this.written = written;
    }

    @Override
    public long getPos() throws IOException {
      return stream.getPos();
    }

    @Override
    public long storedLength() throws IOException {
      return stream.storedLength();
    }

    @Override
    public void write(int value) throws IOException {
      stream.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      stream.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      stream.flush();
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        long length = stream.getPos();
        stream.close();
        written.put(location, length);
      }
    }

    @Override
    public void abort() throws IOException {
      closed = true;
      WholeFile.abort(stream);
    }
  }
}
