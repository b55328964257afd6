package dev.polder.store.gcs;

import com.google.cloud.storage.Storage;
import java.io.IOException;
import org.apache.iceberg.gcp.gcs.GCSFileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.util.SerializableSupplier;

/**
 * Iceberg's file store for Google, whose streams here also tell their end when they are read byte
 * by byte: Iceberg's core asks them that, and those of the version before it answer with the last
 * byte again. Thread-safe; its streams are not.
 */
public final class GcsFileIO extends GCSFileIO {
  /** For clients, which set the properties and credentials themselves. */
  public GcsFileIO() {}

  GcsFileIO(SerializableSupplier<Storage> storage) {
    super(storage);
  }

  @Override
  public InputFile newInputFile(String path) {
    return new Ending(super.newInputFile(path));
  }

  @Override
  public InputFile newInputFile(String path, long length) {
    return new Ending(super.newInputFile(path, length));
  }

  private record Ending(InputFile file) implements InputFile {
    @Override
    public long getLength() {
      return file.getLength();
    }

    @Override
    public SeekableInputStream newStream() {
      return new Stream(file.newStream());
    }

    @Override
    public String location() {
      return file.location();
    }

    @Override
    public boolean exists() {
      return file.exists();
    }
  }

  private static final class Stream extends SeekableInputStream {
    private final SeekableInputStream stream;

    Stream(SeekableInputStream stream) {
      this.stream = stream;
    }

    @Override
    public long getPos() throws IOException {
      return stream.getPos();
    }

    @Override
    public void seek(long position) throws IOException {
      stream.seek(position);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return stream.read(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
