package dev.polder.lake.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Map;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * Reads a backup's files under the names that they had in the warehouse; all others, and all that
 * is written, are those of the warehouse. Thread-safe.
 */
final class ArchivedIO implements FileIO {
  private final transient FileIO warehouse;
  private final transient BackupPlace place;
  private final transient ArchiveCipher cipher;
  private final String backup;
  private final transient Map<String, ArchivedFile> files;

  ArchivedIO(
      FileIO warehouse,
      BackupPlace place,
      ArchiveCipher cipher,
      String backup,
      Map<String, ArchivedFile> files) {
    this.warehouse = warehouse;
    this.place = place;
    this.cipher = cipher;
    this.backup = backup;
    this.files = files;
  }

  @Override
  public InputFile newInputFile(String location) {
    ArchivedFile file = files.get(location);
    return file == null ? warehouse.newInputFile(location) : new Archived(file);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return warehouse.newOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    warehouse.deleteFile(location);
  }

  private final class Archived implements InputFile {
    private final ArchivedFile file;

    Archived(ArchivedFile file) {
      this.file = file;
    }

    @Override
    public long getLength() {
      return file.bytes();
    }

    @Override
    public SeekableInputStream newStream() {
      SeekableInputStream stored = place.file(file.object()).newStream();
      try {
        return new Stream(
            cipher.decrypt(new Channel(stored, file.storedBytes()), file.context(backup)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String location() {
      return file.path();
    }

    @Override
    public boolean exists() {
      return true;
    }
  }

  /** A stream as a channel that can be read alone. */
  private static final class Channel implements SeekableByteChannel {
    private final SeekableInputStream stream;
    private final long size;
    private boolean open = true;

    Channel(SeekableInputStream stream, long size) {
      this.stream = stream;
      this.size = size;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (!open) {
        throw new ClosedChannelException();
      }
      byte[] bytes = new byte[target.remaining()];
      int read = stream.read(bytes);
      if (read > 0) {
        target.put(bytes, 0, read);
      }
      return read;
    }

    @Override
    public int write(ByteBuffer source) {
      throw new NonWritableChannelException();
    }

    @Override
    public long position() throws IOException {
      return stream.getPos();
    }

    @Override
    public SeekableByteChannel position(long position) throws IOException {
      stream.seek(position);
      return this;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public SeekableByteChannel truncate(long length) {
      throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() throws IOException {
      open = false;
      stream.close();
    }
  }

  /** A channel as a stream. */
  private static final class Stream extends SeekableInputStream {
    private final SeekableByteChannel channel;

    Stream(SeekableByteChannel channel) {
      this.channel = channel;
    }

    @Override
    public long getPos() throws IOException {
      return channel.position();
    }

    @Override
    public void seek(long position) throws IOException {
      channel.position(position);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int read = 0;
      while (read == 0) {
        read = channel.read(ByteBuffer.wrap(bytes, offset, length));
      }
      return read;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
