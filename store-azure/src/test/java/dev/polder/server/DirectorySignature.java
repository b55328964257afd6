package dev.polder.server;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A shared access signature for a directory, checked as Azure's documentation says: the directory
 * is as many parts of the request's own path as the signature names, so that it fits no other one.
 */
record DirectorySignature(Map<String, String> query) {
  private static final List<String> OVERRIDES = List.of("rscc", "rscd", "rsce", "rscl", "rsct");

  private String value(String name) {
    return query.getOrDefault(name, "");
  }

  /** Whether it opens a path of the container for what one of the permissions allows. */
  boolean opens(String account, String key, String container, String path, String permissions) {
    return value("sr").equals("d")
        && value("sp").chars().anyMatch(c -> permissions.indexOf(c) >= 0)
        && Instant.parse(value("st")).isBefore(Instant.now())
        && Instant.parse(value("se")).isAfter(Instant.now())
        && isSigned(account, key, container, path);
  }

  private boolean isSigned(String account, String key, String container, String path) {
    List<String> parts = Arrays.asList(path.split("/", -1));
    int depth = Integer.parseInt(value("sdd"));
    if (parts.size() < depth) {
      return false;
    }
    String directory = String.join("/", parts.subList(0, depth));
    String text =
        String.join(
                "\n",
                value("sp"),
                value("st"),
                value("se"),
                "/blob/" + account + "/" + container + "/" + directory,
                value("si"),
                value("sip"),
                value("spr"),
                value("sv"),
                value("sr"),
                value("snapshot"),
                value("ses"))
            + "\n"
            + String.join("\n", OVERRIDES.stream().map(this::value).toList());
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(key), "HmacSHA256"));
      return MessageDigest.isEqual(
          mac.doFinal(text.getBytes(StandardCharsets.UTF_8)),
          Base64.getDecoder().decode(value("sig")));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
