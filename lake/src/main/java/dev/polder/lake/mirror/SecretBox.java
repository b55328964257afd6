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
import org.jspecify.annotations.Nullable;

/**
 * Encrypts secrets that the metastore keeps, with AES-GCM under a key from a file that only the
 * server's user may read. Whoever has the metastore alone has no secret. Thread-safe.
 */
public final class SecretBox {
  private static final byte[] PURPOSE = "polder secret".getBytes(StandardCharsets.UTF_8);

  private final Path file;
  private volatile @Nullable Aead aead;

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
        known = KeyFile.open(file).aead();
        aead = known;
      }
    }
    return known;
  }
}
