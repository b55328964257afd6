package dev.polder.engine.internal.catalog;

import dev.polder.lake.mirror.SecretBox;
import dev.polder.lake.plan.ScanRange;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.PrincipalId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.iceberg.rest.requests.PlanTableScanRequest;
import org.apache.iceberg.rest.requests.PlanTableScanRequestParser;

/**
 * All that a server needs to go on with a scan, as the client carries it: sealed, so that any
 * server of the metastore understands it, and nobody else can read or make one. Immutable.
 *
 * @param metadata the metadata file of the version that is scanned
 * @param range what of the scan it stands for; empty for the whole plan
 */
record ScanToken(
    Instant at,
    PrincipalId principal,
    SpaceKey space,
    CollectionId table,
    String metadata,
    PlanTableScanRequest request,
    Optional<ScanRange> range) {
  private static final String PLAN = "polder scan plan";
  private static final String TASK = "polder scan task";

  ScanToken forRange(ScanRange other) {
    return new ScanToken(at, principal, space, table, metadata, request, Optional.of(other));
  }

  /** A plan's id or one of its tasks, of characters that a path may have. */
  String sealed(SecretBox secrets) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(secrets.seal(bytes(), range.isPresent() ? TASK : PLAN));
  }

  static Optional<ScanToken> plan(SecretBox secrets, String text) {
    return opened(secrets, text, PLAN).map(bytes -> read(bytes, false));
  }

  static Optional<ScanToken> task(SecretBox secrets, String text) {
    return opened(secrets, text, TASK).map(bytes -> read(bytes, true));
  }

  private static Optional<byte[]> opened(SecretBox secrets, String text, String purpose) {
    try {
      return secrets.open(Base64.getUrlDecoder().decode(text), purpose);
    } catch (IllegalArgumentException notOfOurs) {
      return Optional.empty();
    }
  }

  private byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try (DataOutputStream out = new DataOutputStream(new DeflaterOutputStream(bytes, deflater))) {
      out.writeLong(at.toEpochMilli());
      out.writeUTF(principal.value());
      out.writeLong(space.database().value());
      out.writeUTF(space.tenant().value());
      out.writeUTF(table.value());
      out.writeUTF(metadata);
      byte[] json = PlanTableScanRequestParser.toJson(request).getBytes(StandardCharsets.UTF_8);
      out.writeInt(json.length);
      out.write(json);
      if (range.isPresent()) {
        out.writeInt(range.get().from());
        out.writeInt(range.get().to());
        out.writeInt(range.get().skip());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }

  private static ScanToken read(byte[] bytes, boolean task) {
    Inflater inflater = new Inflater(true);
    try (DataInputStream in =
        new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(bytes), inflater))) {
      return new ScanToken(
          Instant.ofEpochMilli(in.readLong()),
          new PrincipalId(in.readUTF()),
          new SpaceKey(new DatabaseId(in.readLong()), new TenantId(in.readUTF())),
          new CollectionId(in.readUTF()),
          in.readUTF(),
          PlanTableScanRequestParser.fromJson(
              new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8)),
          task
              ? Optional.of(new ScanRange(in.readInt(), in.readInt(), in.readInt()))
              : Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      inflater.end();
    }
  }
}
