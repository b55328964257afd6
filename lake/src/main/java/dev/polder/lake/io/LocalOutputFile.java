package dev.polder.lake.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.UUID;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** A local file to be: written under a temporary name, given its own when complete. */
record LocalOutputFile(String location, Path path, DirectoryLog directories) implements OutputFile {
  @Override
  public PositionOutputStream create() {
    if (Files.exists(path)) {
      throw new AlreadyExistsException("%s exists already", location);
    }
    try {
      directories.create(directory(path));
      Path temporary = path.resolveSibling("." + path.getFileName() + "." + UUID.randomUUID());
      return new Stream(
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
          temporary);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Same as {@link #create}: nothing in the warehouse is ever overwritten. */
  @Override
  public PositionOutputStream createOrOverwrite() {
    return create();
  }

  @Override
  public InputFile toInputFile() {
    return org.apache.iceberg.Files.localInput(path.toFile());
  }

  static Path directory(Path file) {
    return Objects.requireNonNull(file.getParent(), "a file below a directory");
  }

  /** Gives a file its final name; a link fails where a rename would replace. */
  static void place(Path source, Path target) throws IOException {
    try {
      Files.createLink(target, source);
      Files.delete(source);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException otherFileSystem) {
      Path copy = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
      Files.copy(source, copy);
      DirectoryLog.force(copy);
      Files.move(copy, target);
      Files.delete(source);
    }
  }

  private final class Stream extends PositionOutputStream implements WholeFile.Abortable {
    private static final int BUFFER = 1 << 16;

    private final FileChannel channel;
    private final Path temporary;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private long position;
    private boolean closed;

    Stream(FileChannel channel, Path temporary) {
      this.channel = channel;
      this.temporary = temporary;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public long storedLength() {
      return position;
    }

    @Override
    public void write(int value) throws IOException {
      if (!buffer.hasRemaining()) {
        flush();
      }
      buffer.put((byte) value);
      position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int done = 0;
      while (done < length) {
        if (!buffer.hasRemaining()) {
          flush();
        }
        int count = Math.min(buffer.remaining(), length - done);
        buffer.put(bytes, offset + done, count);
        done += count;
      }
      position += length;
    }

    @Override
    public void flush() throws IOException {
      buffer.flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      buffer.clear();
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      try {
        try (channel) {
          flush();
        }
        place(temporary, path);
      } finally {
        Files.deleteIfExists(temporary);
      }
      directories.written(path);
    }

    @Override
    public void abort() throws IOException {
      closed = true;
      try (channel) {
        Files.deleteIfExists(temporary);
      }
    }
  }
}
