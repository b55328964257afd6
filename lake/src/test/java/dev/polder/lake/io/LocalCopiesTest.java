package dev.polder.lake.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.S3Server;
import dev.polder.lake.write.StagedFile;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCopiesTest {
  private static final int SIZE = 1000;

  @TempDir Path directory;
  private Warehouse warehouse;
  private LocalCopies copies;

  @BeforeEach
  void open() {
    warehouse = S3Server.running().warehouse();
    copies =
        new LocalCopies(
            warehouse, directory.resolve("copies"), 2 * SIZE, Duration.ZERO, space -> 1);
  }

  @AfterEach
  void close() {
    warehouse.close();
  }

  @Test
  void aRemoteFileIsCopiedBelowItsTenant() throws IOException {
    String location = publish("a");
    Path path = Path.of(copies.path(location, SIZE));
    assertThat(path).startsWith(directory.resolve("copies").resolve("acme")).hasSize(SIZE);
    assertThat(Files.readString(path)).isEqualTo("a".repeat(SIZE));
  }

  @Test
  void manyWhoAskAtOnceShareOneDownload() throws Exception {
    String location = publish("a");
    List<Callable<LocalCopies.Lease>> work = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      work.add(() -> copies.lease(location, SIZE));
    }
    List<Object> keys = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<LocalCopies.Lease> done : threads.invokeAll(work)) {
        try (LocalCopies.Lease lease = done.get()) {
          keys.add(
              Files.readAttributes(
                      Path.of(lease.path()), java.nio.file.attribute.BasicFileAttributes.class)
                  .fileKey());
        }
      }
    }
    assertThat(keys).hasSize(8).containsOnly(keys.getFirst());
    assertThat(copies.bytes()).isEqualTo(SIZE);
  }

  @Test
  void theLeastRecentlyUsedGoesFirstAndALeasedOneNever() throws IOException {
    String a = publish("a");
    String b = publish("b");
    String c = publish("c");
    String d = publish("d");
    try (LocalCopies.Lease leased = copies.lease(a, SIZE)) {
      Path second = Path.of(copies.path(b, SIZE));
      Path third = Path.of(copies.path(c, SIZE));
      assertThat(second).doesNotExist();
      assertThat(Path.of(leased.path())).exists();
      assertThat(third).exists();
      assertThat(Path.of(copies.path(d, SIZE))).exists();
      assertThat(third).doesNotExist();
    }
    assertThat(copies.bytes()).isLessThanOrEqualTo(2 * SIZE);
    assertThat(Path.of(copies.path(b, SIZE))).hasSize(SIZE);
  }

  @Test
  void aFileOfAnotherSizeIsNotHandedOut() throws IOException {
    String location = publish("a");
    assertThatThrownBy(() -> copies.path(location, SIZE + 1))
        .isInstanceOf(PolderException.class)
        .hasMessageContaining("1000 bytes");
    assertThatThrownBy(() -> copies.path(location + "missing", SIZE))
        .isInstanceOf(PolderException.class);
    assertThat(copies.bytes()).isZero();
    assertThat(copies.path(location, SIZE)).isNotEmpty();
  }

  @Test
  void aLocationOutsideTheWarehouseIsRefused() {
    for (String location : List.of("s3://other/f", warehouse.root() + "/../../../etc/passwd")) {
      assertThatThrownBy(() -> copies.path(location, SIZE))
          .isInstanceOf(PolderException.class)
          .hasMessageContaining("does not lie in the warehouse");
    }
  }

  @Test
  void aLocalWarehousesFilesAreHandedOutThemselves() throws IOException {
    try (Warehouse local = Warehouse.local(directory.resolve("warehouse"))) {
      LocalCopies none = new LocalCopies(local, directory.resolve("none"), 0, space -> 1);
      Path file = Files.writeString(directory.resolve("f"), "x");
      assertThat(none.path("file://" + file, 1)).isEqualTo(file.toString());
      assertThat(directory.resolve("none")).doesNotExist();
    }
  }

  @Test
  void theDatabaseBeyondItsShareGivesFirst() throws IOException {
    LocalCopies shared =
        new LocalCopies(
            warehouse,
            directory.resolve("shared"),
            4 * SIZE,
            Duration.ZERO,
            space -> space.database().value() == 1024 ? 3 : 1);
    List<Path> heavy = new ArrayList<>();
    for (String letter : List.of("a", "b", "c")) {
      heavy.add(Path.of(shared.path(publish(letter), SIZE)));
    }
    List<Path> light = new ArrayList<>();
    for (String letter : List.of("d", "e", "f")) {
      light.add(Path.of(shared.path(publish(1025, letter), SIZE)));
    }
    assertThat(heavy).allSatisfy(path -> assertThat(path).exists());
    assertThat(light.subList(0, 2)).allSatisfy(path -> assertThat(path).doesNotExist());
    assertThat(light.getLast()).exists();
    assertThat(shared.bytes()).isEqualTo(4 * SIZE);
  }

  private String publish(String letter) throws IOException {
    return publish(1024, letter);
  }

  private String publish(long database, String letter) throws IOException {
    Path file = Files.writeString(directory.resolve(letter), letter.repeat(SIZE));
    return warehouse
        .publish(
            warehouse.root() + "/acme/" + database + "/t",
            List.of(new StagedFile(file, letter + ".parquet")))
        .getFirst();
  }
}
