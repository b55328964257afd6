package dev.polder.lake.delegation;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * AWS' signature of version 4 over a request whose body nobody here sees. Immutable.
 *
 * @param region the store's
 */
record SignatureV4(AwsCredentialsIdentity keys, String region, Instant now) {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);
  private static final HexFormat HEX = HexFormat.of();

  /**
   * The headers that are to be sent, the signature among them.
   *
   * @param headers those to be signed, by their names in small letters; one of them {@code
   *     x-amz-content-sha256}
   */
  SortedMap<String, String> sign(
      String method, S3Addresses.Address address, SortedMap<String, String> headers) {
    SortedMap<String, String> signed = new TreeMap<>(headers);
    signed.put("host", address.host());
    signed.put("x-amz-date", TIME.format(now));
    if (keys instanceof AwsSessionCredentialsIdentity session) {
      signed.put("x-amz-security-token", session.sessionToken());
    }
    StringBuilder canonical = new StringBuilder();
    canonical.append(method).append('\n');
    canonical.append(address.path()).append('\n');
    canonical.append(address.query()).append('\n');
    signed.forEach((name, value) -> canonical.append(name).append(':').append(value).append('\n'));
    String names = String.join(";", signed.keySet());
    canonical.append('\n').append(names).append('\n');
    canonical.append(signed.get("x-amz-content-sha256"));
    String scope = DAY.format(now) + "/" + region + "/s3/aws4_request";
    String text =
        ALGORITHM + "\n" + TIME.format(now) + "\n" + scope + "\n" + sha256(canonical.toString());
    signed.remove("host");
    signed.put(
        "authorization",
        ALGORITHM
            + " Credential="
            + keys.accessKeyId()
            + "/"
            + scope
            + ", SignedHeaders="
            + names
            + ", Signature="
            + HEX.formatHex(hmac(key(), text)));
    return signed;
  }

  private byte[] key() {
    byte[] key = ("AWS4" + keys.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
    key = hmac(key, DAY.format(now));
    key = hmac(key, region);
    key = hmac(key, "s3");
    return hmac(key, "aws4_request");
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sha256(String text) {
    try {
      return HEX.formatHex(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
