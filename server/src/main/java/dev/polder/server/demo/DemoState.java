package dev.polder.server.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.model.Secret;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What the demonstration keeps from run to run in {@code demo.json} of its data directory, which
 * its owner alone can read. Immutable.
 *
 * @param adminPassword of the server's administrator
 * @param userPassword of the user demo
 * @param corrected the time just before the update, for the time travel; null until it has run
 * @param fresh whether this run made the passwords
 */
public record DemoState(
    Secret adminPassword, Secret userPassword, @Nullable String corrected, boolean fresh) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int PASSWORD_BYTES = 15;

  /**
   * Reads what an earlier run kept, or makes it.
   *
   * @param adminPassword the one that the environment sets, if it does
   */
  public static DemoState open(Path dataDir, @Nullable Secret adminPassword) {
    Path file = file(dataDir);
    if (!Files.isRegularFile(file)) {
      DemoState made =
          new DemoState(adminPassword == null ? random() : adminPassword, random(), null, true);
      made.save(dataDir);
      return made;
    }
    try {
      JsonNode kept = JSON.readTree(Files.readString(file));
      JsonNode admin = kept.path("adminPassword");
      JsonNode user = kept.path("userPassword");
      if (!admin.isTextual() || !user.isTextual()) {
        throw new DemoFailure(file + " is damaged: remove it, or choose another POLDER_DATA_DIR");
      }
      JsonNode corrected = kept.path("corrected");
      return new DemoState(
          adminPassword == null ? Secret.of(admin.asText()) : adminPassword,
          Secret.of(user.asText()),
          corrected.isTextual() ? corrected.asText() : null,
          false);
    } catch (IOException e) {
      throw new DemoFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** The same, with the time of the update. */
  DemoState withCorrection(String time) {
    return new DemoState(adminPassword, userPassword, time, fresh);
  }

  void save(Path dataDir) {
    ObjectNode state = JSON.createObjectNode();
    state.put("adminPassword", adminPassword.reveal());
    state.put("userPassword", userPassword.reveal());
    state.put("corrected", corrected);
    Path file = file(dataDir);
    Path partial = file.resolveSibling("demo.json.partial");
    try {
      Files.createDirectories(dataDir);
      Files.deleteIfExists(partial);
      Files.createFile(partial, ownerOnly());
      Files.writeString(partial, state.toPrettyString() + "\n");
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new DemoFailure("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  static Path file(Path dataDir) {
    return dataDir.resolve("demo.json");
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static Secret random() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    RANDOM.nextBytes(bytes);
    // Letters, digits, - and _ alone: it is printed in addresses and command lines.
    return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }
}
