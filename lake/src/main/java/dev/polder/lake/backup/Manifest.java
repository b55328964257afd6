package dev.polder.lake.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.lake.io.KeyFile;
import dev.polder.lake.io.StorageFailure;
import dev.polder.lake.io.WholeFile;
import dev.polder.metastore.lineage.CommitJson;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a backup consists of. Its head can be read without a key; the rest is encrypted and bound to
 * the head, so that a change of either is found. Immutable.
 *
 * @param catalog the rows of the database as of the cut
 * @param files by the path that each had
 */
record Manifest(
    BackupInfo info, ArchiveCipher cipher, Catalog catalog, Map<String, ArchivedFile> files) {
  private static final byte[] MAGIC = "POLDERBK".getBytes(StandardCharsets.US_ASCII);
  private static final int FORMAT = 1;
  private static final int MAX_HEAD = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What can be read without a key.
   *
   * @param wrappedKey in Base64
   * @param digest of its bytes
   */
  private record Head(BackupInfo info, String wrappedKey, String digest) {}

  void write(BackupPlace place, KeyFile key) {
    ObjectNode head = JSON.createObjectNode();
    head.put("id", info.id())
        .put("database", info.database().value())
        .put("seq", info.seq())
        .put("committed_at", info.committedAt())
        .put("created_at", info.createdAt())
        .put("tables", info.tables())
        .put("views", info.views())
        .put("files", info.files())
        .put("bytes", info.bytes())
        .put("key", key.id())
        .put("wrapped_key", Base64.getEncoder().encodeToString(cipher.wrap(key, context(info))));
    try {
      byte[] bytes = JSON.writeValueAsBytes(head);
      byte[] sealed = sealed(bytes);
      WholeFile.write(
          place.output(BackupPlace.MANIFEST),
          file -> {
            DataOutputStream out = new DataOutputStream(file);
            out.write(MAGIC);
            out.writeInt(FORMAT);
            out.writeInt(bytes.length);
            out.write(bytes);
            out.write(sealed);
            out.flush();
          });
    } catch (IOException | RuntimeException e) {
      throw StorageFailure.of("cannot complete the backup at " + place.root(), e);
    }
  }

  /** The body, encrypted and bound to the head. */
  private byte[] sealed(byte[] head) throws IOException {
    ByteArrayOutputStream sealed = new ByteArrayOutputStream();
    try (OutputStream body = cipher.encrypt(sealed, digest(head))) {
      JSON.writeValue(body, body());
    }
    return sealed.toByteArray();
  }

  private ObjectNode body() throws IOException {
    ObjectNode body = JSON.createObjectNode();
    body.set("catalog", JSON.readTree(CommitJson.write(catalog)));
    ArrayNode list = body.putArray("files");
    for (ArchivedFile file : files.values()) {
      list.addObject()
          .put("object", file.object())
          .put("path", file.path())
          .put("bytes", file.bytes())
          .put("sha256", file.sha256())
          .put("stored_bytes", file.storedBytes())
          .put("stored_sha256", file.storedSha256());
    }
    return body;
  }

  /** What the backup's key is bound to. */
  private static String context(BackupInfo info) {
    return "polder backup "
        + FORMAT
        + "\n"
        + info.id()
        + "\n"
        + info.database()
        + "\n"
        + info.seq();
  }

  private static String digest(byte[] head) throws IOException {
    return Digested.read(new ByteArrayInputStream(head), read -> {}).sha256();
  }

  /** What the head says; who changed it is found only when the rest is read. */
  static BackupInfo info(BackupPlace place) {
    try (DataInputStream in = open(place)) {
      return head(place, in).info();
    } catch (IOException | RuntimeException e) {
      throw failed(place, e);
    }
  }

  /**
   * Reads and verifies it.
   *
   * @throws PolderException BACKUP_INVALID, BACKUP_KEY_MISMATCH
   */
  static Manifest read(BackupPlace place, KeyFile key) {
    try (DataInputStream in = open(place)) {
      Head head = head(place, in);
      if (!head.info().key().equals(key.id())) {
        throw new PolderException(
            ErrorCode.BACKUP_KEY_MISMATCH,
            "the backup at "
                + place.root()
                + " was made with the key "
                + head.info().key()
                + " and this server has "
                + key.id()
                + "; give it the key file of the server that made the backup");
      }
      ArchiveCipher cipher =
          ArchiveCipher.unwrap(
              Base64.getDecoder().decode(head.wrappedKey()), key, context(head.info()));
      try (InputStream body = cipher.decrypt(in, head.digest())) {
        JsonNode json = JSON.readTree(body.readAllBytes());
        return new Manifest(
            head.info(),
            cipher,
            CommitJson.read(json.path("catalog").toString(), Catalog.class),
            files(json.path("files")));
      }
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      throw failed(place, e);
    }
  }

  private static DataInputStream open(BackupPlace place) {
    if (!place.isComplete()) {
      throw new PolderException(
          ErrorCode.BACKUP_INVALID,
          "there is no complete backup at "
              + place.root()
              + "; SHOW BACKUPS lists those there are");
    }
    return new DataInputStream(place.file(BackupPlace.MANIFEST).newStream());
  }

  private static Head head(BackupPlace place, DataInputStream in) throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length);
    int format = in.readInt();
    if (Arrays.equals(magic, MAGIC) && format > FORMAT) {
      throw new PolderException(
          ErrorCode.BACKUP_INVALID,
          "the backup at "
              + place.root()
              + " has the format "
              + format
              + " and this server reads up to "
              + FORMAT
              + "; use a newer one");
    }
    int length = in.readInt();
    if (!Arrays.equals(magic, MAGIC) || format != FORMAT || length < 2 || length > MAX_HEAD) {
      throw new IOException("its manifest is none");
    }
    byte[] bytes = in.readNBytes(length);
    JsonNode json = JSON.readTree(bytes);
    BackupInfo info =
        new BackupInfo(
            place.root(),
            json.path("id").asText(),
            new DatabaseName(json.path("database").asText()),
            json.path("seq").asLong(),
            json.path("committed_at").asLong(),
            json.path("created_at").asLong(),
            json.path("tables").asLong(),
            json.path("views").asLong(),
            json.path("files").asLong(),
            json.path("bytes").asLong(),
            json.path("key").asText());
    return new Head(info, json.path("wrapped_key").asText(), digest(bytes));
  }

  private static Map<String, ArchivedFile> files(JsonNode list) {
    Map<String, ArchivedFile> files = new LinkedHashMap<>();
    for (JsonNode file : list) {
      ArchivedFile archived =
          new ArchivedFile(
              file.path("object").asText(),
              file.path("path").asText(),
              file.path("bytes").asLong(),
              file.path("sha256").asText(),
              file.path("stored_bytes").asLong(),
              file.path("stored_sha256").asText());
      files.put(archived.path(), archived);
    }
    return files;
  }

  private static PolderException failed(BackupPlace place, Exception e) {
    return e instanceof PolderException known ? known : damaged(place, "its manifest", e);
  }

  /** What a user is told of an archive that is not as it was written. */
  static PolderException damaged(BackupPlace place, String what, Exception cause) {
    return new PolderException(
        ErrorCode.BACKUP_INVALID,
        "the backup at " + place.root() + " is damaged: " + what + " is not as it was written",
        cause);
  }
}
