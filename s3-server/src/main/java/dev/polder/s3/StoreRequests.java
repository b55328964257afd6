package dev.polder.s3;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What a store knows of the requests it gets: their signatures, parameters and bodies. */
final class StoreRequests {
  private static final HexFormat HEX = HexFormat.of();

  private StoreRequests() {}

  /**
   * The signature of version 4.
   *
   * @param time of the request, as its header has it
   * @param names of the signed headers, with semicolons between
   */
  static String signature(
      String secret,
      String region,
      String time,
      String method,
      String rawPath,
      String query,
      String names,
      Function<String, String> header,
      String payload) {
    String headers =
        java.util.Arrays.stream(names.split(";", -1))
            .map(name -> name + ":" + header.apply(name).strip() + "\n")
            .collect(Collectors.joining());
    String canonical = String.join("\n", method, rawPath, query, headers, names, payload);
    String day = time.substring(0, 8);
    String text =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            time,
            day + "/" + region + "/s3/aws4_request",
            sha256(canonical.getBytes(StandardCharsets.UTF_8)));
    byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
    for (String part : new String[] {day, region, "s3", "aws4_request"}) {
      key = hmac(key, part);
    }
    return HEX.formatHex(hmac(key, text));
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

  static String sha256(byte[] bytes) {
    try {
      return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The parameters, still encoded, in the order of signatures. */
  static SortedMap<String, String> parameters(String rawQuery) {
    SortedMap<String, String> parameters = new TreeMap<>();
    if (rawQuery != null && !rawQuery.isEmpty()) {
      for (String parameter : rawQuery.split("&", -1)) {
        int equals = parameter.indexOf('=');
        parameters.put(
            equals < 0 ? parameter : parameter.substring(0, equals),
            equals < 0 ? "" : parameter.substring(equals + 1));
      }
    }
    return parameters;
  }

  static String query(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining("&"));
  }

  /** The body without the framing in which clients send it with checksums at its end. */
  static byte[] unchunked(byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length);
    int at = 0;
    while (true) {
      int end = at;
      while (body[end] != '\r') {
        end++;
      }
      String head = new String(body, at, end - at, StandardCharsets.US_ASCII);
      int size = Integer.parseInt(head.split(";", 2)[0], 16);
      if (size == 0) {
        return out.toByteArray();
      }
      out.write(body, end + 2, size);
      at = end + 2 + size + 2;
    }
  }
}
