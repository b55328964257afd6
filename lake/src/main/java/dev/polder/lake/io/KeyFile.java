package dev.polder.lake.io;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * A key of the server, for AES-GCM, in a file that its owner alone may read. What was encrypted
 * with it is lost without it: one that is there is never replaced. Immutable and thread-safe.
 */
public final class KeyFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Aead aead;
  private final String id;

  private KeyFile(KeysetHandle keys) throws GeneralSecurityException {
    aead = keys.getPrimitive(AeadConfig2026.get(), Aead.class);
    id = HexFormat.of().withUpperCase().toHexDigits(keys.getPrimary().getId());
  }

  /** Reads the key; makes one, durably, where the file is not there. */
  public static KeyFile open(Path file) {
    try {
      if (!Files.exists(file)) {
        create(file);
      }
      return read(file);
    } catch (IOException e) {
      throw StorageFailure.of("cannot use the key " + file, e);
    }
  }

  private static KeyFile read(Path file) throws IOException {
    try {
      if (!Files.getPosixFilePermissions(file).equals(OWNER_ONLY)) {
        throw new PolderException(
            ErrorCode.INVALID_CONFIGURATION,
            "others than its owner may use the key " + file + "; chmod 600 it");
      }
      return new KeyFile(
          TinkJsonProtoKeysetFormat.parseKeyset(
              Files.readString(file), AeadConfig2026.get(), InsecureSecretKeyAccess.get()));
    } catch (GeneralSecurityException e) {
      throw new PolderException(ErrorCode.INVALID_CONFIGURATION, file + " does not hold a key", e);
    }
  }

  private static void create(Path file) throws IOException {
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Files.createDirectories(directory);
    Path temporary = directory.resolve("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.createFile(temporary, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      Files.writeString(temporary, generate(), StandardCharsets.UTF_8);
      force(temporary);
      // A link fails where a rename would replace the key of a server that was faster.
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      if (!String.valueOf(e.getFile()).equals(file.toString())) {
        throw new FileSystemException(directory.toString());
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
    force(directory);
  }

  private static String generate() {
    try {
      return TinkJsonProtoKeysetFormat.serializeKeyset(
          KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get()),
          AeadConfig2026.get(),
          InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Tells keys apart; says nothing of the key. */
  public String id() {
    return id;
  }

  public Aead aead() {
    return aead;
  }
}
