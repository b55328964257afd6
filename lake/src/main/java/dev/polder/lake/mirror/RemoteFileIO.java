package dev.polder.lake.mirror;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of a database of another server. A stream that breaks goes on where it was.
 * Thread-safe, its streams are not.
 */
final class RemoteFileIO implements FileIO {
  private static final int ATTEMPTS = 3;

  private final transient RemoteSource source;
  private final transient Map<String, Wire.Digest> digests = new ConcurrentHashMap<>();

  RemoteFileIO(RemoteSource source) {
    this.source = source;
  }

  Wire.Digest digest(String path) {
    return digests.computeIfAbsent(path, source::digest);
  }

  @Override
  public InputFile newInputFile(String path) {
    return new Remote(path);
  }

  @Override
  public OutputFile newOutputFile(String path) {
    throw new UnsupportedOperationException("another server's files are only read: " + path);
  }

  @Override
  public void deleteFile(String path) {
    throw new UnsupportedOperationException("another server's files are only read: " + path);
  }

  private final class Remote implements InputFile {
    private final String path;

    Remote(String path) {
      this.path = path;
    }

    @Override
    public long getLength() {
      return digest(path).bytes();
    }

    @Override
    public SeekableInputStream newStream() {
      return new Stream(path);
    }

    @Override
    public String location() {
      return path;
    }

    @Override
    public boolean exists() {
      return digest(path).bytes() >= 0;
    }
  }

  private final class Stream extends SeekableInputStream {
    private final String path;
    private @Nullable InputStream open;
    private long position;

    Stream(String path) {
      this.path = path;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void seek(long to) throws IOException {
      if (to != position) {
        close();
        position = to;
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      for (int attempt = 1; ; attempt++) {
        try {
          InputStream from = open;
          if (from == null) {
            from = source.file(path, position);
            open = from;
          }
          int count = from.read(bytes, offset, length);
          position += Math.max(0, count);
          return count;
        } catch (IOException e) {
          close();
          if (attempt == ATTEMPTS) {
            throw e;
          }
        }
      }
    }

    @Override
    public void close() throws IOException {
      if (open != null) {
        open.close();
        open = null;
      }
    }
  }
}
