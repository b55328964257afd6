package dev.polder.lake;

import static dev.polder.lake.TestLake.T;
import static dev.polder.lake.TestLake.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.lake.backup.BackupPlaces;
import dev.polder.lake.backup.RestoreRequest;
import dev.polder.lake.backup.Restores;
import dev.polder.lake.io.KeyFile;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.commit.Lease;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Backups in a directory, where they can be tampered with. */
class BackupTest extends BackupContract {
  private static final int MANIFEST_HEAD = 30;

  @Override
  TestLake openLake() {
    return new TestLake(directory);
  }

  @Override
  BackupPlaces openPlaces() {
    return places(directory.resolve("backups"));
  }

  private static BackupPlaces places(Path root) {
    return new BackupPlaces(root, Optional.empty(), Optional.empty());
  }

  @Override
  String uri(String name) {
    return name;
  }

  private void restore(Path keyFile) {
    try (BackupPlaces places = openPlaces()) {
      new Restores(lake.metastore, lake.lake.warehouse(), lake.lake.ids(), places, keyFile)
          .run(
              new RestoreRequest(
                  "b", new DatabaseName("r"), false, new PrincipalName("admin"), TenantId.DEFAULT),
              SILENT,
              (tx, backup, database) -> {});
    }
  }

  private List<Path> files(Path below) {
    try (Stream<Path> files = Files.walk(below)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void anArchiveWithAnyFileChangedCutMissingOrSwappedIsRefusedBeforeAnythingIsWritten()
      throws IOException {
    lake.create(T, TableDefinition.of(TestLake.PEOPLE));
    lake.append(T, row(1L, "a"));
    lake.append(T, row(2L, "b"));
    backup("b");
    Path place = directory.resolve("backups/b");
    List<Path> archive = files(place);
    List<Path> warehouse = files(directory.resolve("warehouse"));
    assertThat(archive).hasSizeGreaterThan(6);
    for (Path file : archive) {
      byte[] good = Files.readAllBytes(file);
      boolean manifest = file.endsWith("manifest.polder");
      for (int at : new int[] {0, MANIFEST_HEAD, good.length / 2, good.length - 1}) {
        byte[] bad = good.clone();
        bad[at] ^= 1;
        Files.write(file, bad);
        assertRefused(warehouse);
      }
      Files.write(file, java.util.Arrays.copyOf(good, good.length - 1));
      assertRefused(warehouse);
      Files.write(file, new byte[0]);
      assertRefused(warehouse);
      Files.delete(file);
      assertRefused(warehouse);
      if (!manifest) {
        Path other = archive.stream().filter(it -> !it.equals(file)).findFirst().orElseThrow();
        Files.copy(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertRefused(warehouse);
      }
      Files.write(file, good);
    }
    restore(keyFile());
  }

  private void assertRefused(List<Path> warehouse) {
    refused(ErrorCode.BACKUP_INVALID, () -> restore(keyFile()));
    assertThat(files(directory.resolve("warehouse"))).isEqualTo(warehouse);
    assertThat(
            lake.metastore.<Optional<Database>>read(
                tx -> tx.databases().find(new DatabaseName("r"))))
        .isEmpty();
  }

  @Test
  void nothingOfTheDataIsReadableWithoutTheKey() throws IOException {
    lake.create(T, TableDefinition.of(TestLake.PEOPLE));
    lake.append(T, row(1L, "a very secret name"));
    backup("b");
    for (Path file : files(directory.resolve("backups"))) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      assertThat(text).doesNotContain("PAR1").doesNotContain("metadata.json");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile())))
        .isEqualTo("rw-------");
    Path other = directory.resolve("other.key");
    refused(ErrorCode.BACKUP_KEY_MISMATCH, () -> restore(other));
    KeyFile.open(other);
    refused(ErrorCode.BACKUP_KEY_MISMATCH, () -> restore(other));
    Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-r-----"));
    refused(ErrorCode.INVALID_CONFIGURATION, () -> restore(other));
  }

  @Test
  void noNameLeadsOutOfTheBackupDirectory() throws IOException {
    Path root = directory.resolve("backups");
    Files.createDirectories(root.resolve("real"));
    Files.createDirectories(directory.resolve("outside"));
    Files.createSymbolicLink(root.resolve("link"), directory.resolve("outside"));
    for (String name :
        List.of(
            "../outside",
            "real/../../outside",
            "link",
            "link/deeper",
            "/etc/backup",
            "",
            ".",
            "real//x",
            ".hidden",
            "a%2fb",
            "file:///etc/backup",
            "file://" + root + "/../outside",
            "file://" + root + "2/x",
            "file:/" + root,
            "s3://bucket/x",
            "real/objects/x",
            "real/Objects",
            "real/manifest.polder",
            "https://host/x",
            "a\u0000b",
            "a b")) {
      refused(ErrorCode.INVALID_PARAMETER, () -> backup(name));
    }
    assertThat(files(directory.resolve("outside"))).isEmpty();
    lake.create(T, TableDefinition.of(TestLake.PEOPLE));
    assertThat(backup("file://" + root + "/real/x").place()).isEqualTo(root + "/real/x");
    Files.writeString(root.resolve("real/notes.txt"), "mine");
    assertThatThrownBy(() -> backup("real"))
        .hasMessageContaining("no backup's")
        .hasMessageNotContaining("notes");
  }

  @Test
  void whatAKilledBackupLeftIsReplacedOnceItIsCertainlyDead() throws IOException {
    lake.create(T, TableDefinition.of(TestLake.PEOPLE));
    lake.append(T, row(1L, "a"));
    backup("b");
    Path place = directory.resolve("backups/b");
    Files.delete(place.resolve("manifest.polder"));
    Files.writeString(place.resolve("incomplete.polder"), "another id");
    Files.writeString(place.resolve(".manifest.polder.temporary"), "half");
    refused(ErrorCode.BACKUP_INVALID, () -> restore(keyFile()));
    refused(ErrorCode.BACKUP_EXISTS, () -> backup("b"));
    for (Path file : files(place)) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
    }
    Lease lease =
        lake.metastore.write(tx ->
            tx.storage()
                .acquireLease(
                    "backup another id", lake.space.database(), 0, tx.now() + 1_000_000_000));
    refused(ErrorCode.BACKUP_EXISTS, () -> backup("b"));
    assertThat(files(place)).hasSizeGreaterThan(2);
    lake.metastore.write(tx -> {
      tx.storage().releaseLease(lease.id());
      return lease;
    });
    backup("b");
    assertThat(files(place)).noneMatch(path -> path.toString().contains("temporary"));
    restore(keyFile());
  }

  /** As after a kill -9 between the manifest and the removal of the mark. */
  @Test
  void aBackupWithItsManifestIsCompleteThoughItsMarkIsThereStill() throws IOException {
    lake.create(T, TableDefinition.of(TestLake.PEOPLE));
    lake.append(T, row(1L, "a"));
    String id = backup("b").id();
    Path place = directory.resolve("backups/b");
    Files.writeString(place.resolve("incomplete.polder"), id);
    List<Path> before = files(place);
    refused(ErrorCode.BACKUP_EXISTS, () -> backup("b"));
    assertThat(files(place)).isEqualTo(before);
    assertThat(lake.rows(T)).hasSize(1);
    restore(keyFile());
  }

  @Test
  void nobodyTakesThePlaceOfABackupThatIsBeingMade() {
    lake.create(T, TableDefinition.of(TestLake.PEOPLE));
    lake.append(T, row(1L, "a"));
    List<String> refusals = new ArrayList<>();
    backups()
        .run(
            lake.space.database(),
            "b",
            ADMIN,
            progress -> {
              if (progress.filesDone() == 1) {
                assertThatThrownBy(() -> backup("b"))
                    .isInstanceOfSatisfying(
                        PolderException.class, e -> refusals.add(e.code() + " " + e.getMessage()));
                refused(ErrorCode.INVALID_PARAMETER, () -> backup("b/objects"));
              }
            });
    assertThat(refusals)
        .isNotEmpty()
        .allSatisfy(text ->
            assertThat(text)
                .startsWith("BACKUP_EXISTS another backup is being made at")
                .doesNotContain("objects"));
    restore(keyFile());
  }

  @Test
  void aBackupWhoseObjectsOrMarkAreTakenAwayIsNone() {
    lake.create(T, TableDefinition.of(TestLake.PEOPLE));
    lake.append(T, row(1L, "a"));
    Path place = directory.resolve("backups/b");
    for (String gone : List.of("objects", "incomplete.polder")) {
      refused(
          ErrorCode.BACKUP_EXISTS,
          () ->
              backups()
                  .run(
                      lake.space.database(),
                      "b",
                      ADMIN,
                      progress -> {
                        if (progress.filesDone() == progress.files()) {
                          files(place).stream()
                              .filter(path -> path.toString().contains(gone))
                              .forEach(path -> assertThat(path.toFile().delete()).isTrue());
                        }
                      }));
      assertThat(place.resolve("manifest.polder")).doesNotExist();
      refused(ErrorCode.BACKUP_INVALID, () -> restore(keyFile()));
      files(place).forEach(path -> assertThat(path.toFile().delete()).isTrue());
    }
  }

  @Test
  void aStepThatTakesLongDoesNotLoseTheLease() {
    lake.create(T, TableDefinition.of(TestLake.PEOPLE));
    lake.append(T, row(1L, "a"));
    boolean[] waited = {false};
    backups()
        .run(
            lake.space.database(),
            "b",
            ADMIN,
            progress -> {
              if (!waited[0]) {
                waited[0] = true;
                long until = lease().expiresAt();
                Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> lease().expiresAt() > until);
              }
            });
    assertThat(lake.metastore.<List<Lease>>read(tx -> tx.storage().leases(lake.space.database())))
        .isEmpty();
    restore(keyFile());
  }

  private Lease lease() {
    return lake.metastore
        .<List<Lease>>read(tx -> tx.storage().leases(lake.space.database()))
        .getFirst();
  }
}
