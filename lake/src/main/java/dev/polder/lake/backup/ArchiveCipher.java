package dev.polder.lake.backup;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.streamingaead.PredefinedStreamingAeadParameters;
import com.google.crypto.tink.streamingaead.StreamingAeadConfig2026;
import dev.polder.lake.io.KeyFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * The cipher of one backup: a key of its own, AES-GCM in segments, each stream bound to a context
 * so that none can stand for another. Immutable and thread-safe.
 */
final class ArchiveCipher {
  private final KeysetHandle keys;
  private final StreamingAead streams;

  private ArchiveCipher(KeysetHandle keys) throws GeneralSecurityException {
    this.keys = keys;
    this.streams = keys.getPrimitive(StreamingAeadConfig2026.get(), StreamingAead.class);
  }

  static ArchiveCipher create() {
    try {
      return new ArchiveCipher(
          KeysetHandle.generateNew(
              PredefinedStreamingAeadParameters.AES256_GCM_HKDF_1MB,
              StreamingAeadConfig2026.get()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static ArchiveCipher unwrap(byte[] wrapped, KeyFile by, String context)
      throws GeneralSecurityException {
    return new ArchiveCipher(
        TinkProtoKeysetFormat.parseEncryptedKeyset(
            wrapped, by.aead(), bytes(context), StreamingAeadConfig2026.get()));
  }

  byte[] wrap(KeyFile by, String context) {
    try {
      return TinkProtoKeysetFormat.serializeEncryptedKeyset(
          keys, by.aead(), bytes(context), StreamingAeadConfig2026.get());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Closing the stream ends the ciphertext and closes the target. */
  OutputStream encrypt(OutputStream target, String context) throws IOException {
    try {
      return streams.newEncryptingStream(target, bytes(context));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reading fails with an {@link IOException} where the ciphertext is not what was written. */
  InputStream decrypt(InputStream source, String context) throws IOException {
    try {
      return streams.newDecryptingStream(source, bytes(context));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  SeekableByteChannel decrypt(SeekableByteChannel source, String context) throws IOException {
    try {
      return streams.newSeekableDecryptingChannel(source, bytes(context));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static byte[] bytes(String context) {
    return context.getBytes(StandardCharsets.UTF_8);
  }
}
