package dev.polder.lake.mirror;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Set;

/**
 * Encrypts secrets that the metastore keeps, with AES-GCM under a key from a file that only the
 * server's user may read. Whoever has the metastore alone has no secret. Thread-safe.
 */
public final class SecretBox {
  private static final byte[] PURPOSE = "polder secret".getBytes(StandardCharsets.UTF_8);

  private final Path file;
  private volatile @org.jspecify.annotations.Nullable Aead aead;

  /**
   * @param file the key; made when it is first needed
   */
  public SecretBox(Path file) {
    this.file = file;
  }

  public Secret seal(Secret secret) {
    try {
      byte[] sealed = aead().encrypt(secret.reveal().getBytes(StandardCharsets.UTF_8), PURPOSE);
      return Secret.of(Base64.getEncoder().encodeToString(sealed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot encrypt", e);
    }
  }

  public Secret open(Secret sealed) {
    try {
      byte[] plain = aead().decrypt(Base64.getDecoder().decode(sealed.reveal()), PURPOSE);
      return Secret.of(new String(plain, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION,
          "a secret of the metastore was encrypted with another key than that in " + file,
          e);
    }
  }

  private Aead aead() {
    Aead known = aead;
    if (known == null) {
      synchronized (this) {
        known = load();
        aead = known;
      }
    }
    return known;
  }

  private Aead load() {
    try {
      if (!Files.exists(file)) {
        write();
      }
      return TinkJsonProtoKeysetFormat.parseKeyset(
              Files.readString(file), AeadConfig2026.get(), InsecureSecretKeyAccess.get())
          .getPrimitive(AeadConfig2026.get(), Aead.class);
    } catch (GeneralSecurityException | IOException e) {
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION, "cannot use the key for secrets in " + file, e);
    }
  }

  /** Whoever comes first: a key that is there is never replaced. */
  private void write() throws GeneralSecurityException, IOException {
    String key =
        TinkJsonProtoKeysetFormat.serializeKeyset(
            KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get()),
            AeadConfig2026.get(),
            InsecureSecretKeyAccess.get());
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Path made =
        Files.createTempFile(
            parent,
            "secret",
            ".key",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(made, Set.of(StandardOpenOption.WRITE))) {
      ByteBuffer bytes = ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    try {
      Files.createLink(file, made);
    } catch (FileAlreadyExistsException e) {
      // Another server of this directory was first: its key is used.
      Files.deleteIfExists(made);
      return;
    }
    Files.delete(made);
  }
}
