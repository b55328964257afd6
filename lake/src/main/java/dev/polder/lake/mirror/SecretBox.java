package dev.polder.lake.mirror;

import com.google.crypto.tink.Aead;
import dev.polder.lake.io.KeyFile;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts secrets that the metastore keeps and what clients carry for the server, with AES-GCM
 * under a key from a file that only the server's user may read. Whoever has the metastore alone has
 * no secret. Thread-safe.
 */
public final class SecretBox {
  private static final String PURPOSE = "polder secret";

  private final Path file;
  private volatile @Nullable Aead aead;

  /**
   * @param file the key; made when it is first needed
   */
  public SecretBox(Path file) {
    this.file = file;
  }

  public Secret seal(Secret secret) {
    byte[] plain = secret.reveal().getBytes(StandardCharsets.UTF_8);
    return Secret.of(Base64.getEncoder().encodeToString(seal(plain, PURPOSE)));
  }

  public Secret open(Secret sealed) {
    return open(Base64.getDecoder().decode(sealed.reveal()), PURPOSE)
        .map(plain -> Secret.of(new String(plain, StandardCharsets.UTF_8)))
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.INVALID_CONFIGURATION,
                "a secret of the metastore was encrypted with another key than that in " + file));
  }

  /** Seals for one purpose, so that what was sealed for it passes for nothing else. */
  public byte[] seal(byte[] plain, String purpose) {
    try {
      return aead().encrypt(plain, purpose.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot encrypt", e);
    }
  }

  /** What was sealed for this purpose; empty when it was not, or with another key. */
  public Optional<byte[]> open(byte[] sealed, String purpose) {
    try {
      return Optional.of(aead().decrypt(sealed, purpose.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException notSealedHere) {
      return Optional.empty();
    }
  }

  private Aead aead() {
    Aead known = aead;
    if (known == null) {
      synchronized (this) {
        known = KeyFile.open(file).aead();
        aead = known;
      }
    }
    return known;
  }
}
