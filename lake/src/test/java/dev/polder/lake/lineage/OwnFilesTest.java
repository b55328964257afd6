package dev.polder.lake.lineage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.S3Server;
import dev.polder.lake.io.StoredFile;
import dev.polder.lake.io.Warehouse;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnFilesTest {
  private static final int SIZE = 200_000;

  @TempDir Path directory;

  private Warehouse open(boolean remote) {
    return remote ? S3Server.running().warehouse() : Warehouse.local(directory);
  }

  private static String source(Warehouse warehouse) throws IOException {
    String path = warehouse.root() + "/acme/source/" + UUID.randomUUID() + ".parquet";
    write(warehouse, path, SIZE);
    return path;
  }

  private static void write(Warehouse warehouse, String path, int size) throws IOException {
    try (OutputStream out = warehouse.io().newOutputFile(path).create()) {
      out.write(new byte[size]);
    }
  }

  private static OwnFiles files(Warehouse warehouse, FileIO io, String location) {
    return new OwnFiles(warehouse, io, location, Set.of(), bytes -> {});
  }

  private static String location(Warehouse warehouse) {
    return warehouse.root() + "/acme/own/" + UUID.randomUUID();
  }

  private static List<String> below(Warehouse warehouse, String location) {
    return StreamSupport.stream(warehouse.list().spliterator(), false)
        .map(StoredFile::path)
        .filter(path -> path.startsWith(location))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCopyThatWasCutOffLeavesNothingAndTheNextOneSucceeds(boolean remote) throws IOException {
    try (Warehouse warehouse = open(remote)) {
      String source = source(warehouse);
      String location = location(warehouse);
      OwnFiles cut = files(warehouse, new Cutting(warehouse.io(), source), location);
      assertThatThrownBy(() -> cut.copy(source, SIZE))
          .isInstanceOf(PolderException.class)
          .hasMessageContaining("the line was cut");
      assertThat(below(warehouse, location)).isEmpty();
      assertThat(cut.replacements()).isEmpty();
      OwnFiles again = files(warehouse, warehouse.io(), location);
      String copy = again.copy(source, SIZE);
      assertThat(copy).isEqualTo(cut.target(source));
      assertThat(warehouse.size(copy)).isEqualTo(SIZE);
      assertThat(again.copies()).isEqualTo(Map.of(source, copy));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatBearsACopysNameAndIsNoneIsPassedOver(boolean remote) throws IOException {
    try (Warehouse warehouse = open(remote)) {
      String source = source(warehouse);
      String location = location(warehouse);
      String taken = files(warehouse, warehouse.io(), location).target(source);
      write(warehouse, taken, SIZE / 2);
      OwnFiles files = files(warehouse, warehouse.io(), location);
      String target = files.target(source);
      assertThat(files.copy(source, SIZE)).isEqualTo(target).isNotEqualTo(taken);
      assertThat(files.target(source)).isEqualTo(target);
      assertThat(files.replacements().get(source).path()).isEqualTo(target);
      assertThat(warehouse.size(target)).isEqualTo(SIZE);
      OwnFiles next = files(warehouse, warehouse.io(), location);
      assertThat(next.copy(source, SIZE)).as("the copy is used again").isEqualTo(target);
      assertThat(below(warehouse, location)).containsExactlyInAnyOrder(taken, target);
    }
  }

  @Test
  void aLocalCopyOfTheSameSizeWithOtherBytesIsPassedOver() throws IOException {
    try (Warehouse warehouse = open(false)) {
      String source = source(warehouse);
      String location = location(warehouse);
      String taken = files(warehouse, warehouse.io(), location).copy(source, SIZE);
      byte[] other = new byte[SIZE];
      other[SIZE - 1] = 1;
      Files.write(Path.of(taken), other);
      assertThat(files(warehouse, warehouse.io(), location).copy(source, SIZE)).isNotEqualTo(taken);
    }
  }

  /** Reading one file fails after its first half. */
  private record Cutting(FileIO files, String cut) implements FileIO {
    @Override
    public InputFile newInputFile(String location) {
      InputFile file = files.newInputFile(location);
      return location.equals(cut) ? new CutFile(file) : file;
    }

    @Override
    public OutputFile newOutputFile(String location) {
      return files.newOutputFile(location);
    }

    @Override
    public void deleteFile(String location) {
      files.deleteFile(location);
    }
  }

  private record CutFile(InputFile file) implements InputFile {
    @Override
    public long getLength() {
      return file.getLength();
    }

    @Override
    public SeekableInputStream newStream() {
      return new CutStream(file.newStream());
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

  private static final class CutStream extends SeekableInputStream {
    private final SeekableInputStream in;

    CutStream(SeekableInputStream in) {
      this.in = in;
    }

    @Override
    public long getPos() throws IOException {
      return in.getPos();
    }

    @Override
    public void seek(long position) throws IOException {
      in.seek(position);
    }

    @Override
    public int read() throws IOException {
      if (in.getPos() >= SIZE / 2) {
        throw new IOException("the line was cut");
      }
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (in.getPos() >= SIZE / 2) {
        throw new IOException("the line was cut");
      }
      return in.read(bytes, offset, (int) Math.min(length, SIZE / 2 - in.getPos()));
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
