package dev.polder.metastore.audit;

import dev.polder.model.DatabaseId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The hash of an audit record: SHA-256 in lower-case hexadecimal over the fields chain, seq, at,
 * principal, tenant, event type, object, outcome, detail, previous hash, in this order. Each field
 * is written as the decimal number of its UTF-8 bytes, a colon and the bytes; an absent field as
 * {@code -}. Numbers are decimal; the server's chain is {@code server}, a database's its id.
 */
final class AuditHash {
  static final String FIRST = "0".repeat(64);

  private AuditHash() {}

  /** The hash that the record must have; the one that it has does not count. */
  static String of(AuditRecord record) {
    MessageDigest digest = sha256();
    field(digest, record.database().map(DatabaseId::toString).orElse("server"));
    field(digest, Long.toString(record.seq()));
    field(digest, Long.toString(record.at()));
    field(digest, record.principal());
    field(digest, record.tenant());
    field(digest, record.type());
    field(digest, record.object());
    field(digest, record.outcome());
    field(digest, record.detail());
    field(digest, record.previousHash());
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void field(MessageDigest digest, Optional<String> value) {
    if (value.isPresent()) {
      field(digest, value.get());
    } else {
      digest.update((byte) '-');
    }
  }

  private static void field(MessageDigest digest, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
