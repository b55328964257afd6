package dev.polder.lake.delegation;

import dev.polder.lake.io.S3Settings;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointProvider;

/**
 * Reads the address of a request as this one store does, and as no other: what it cannot be sure of
 * it refuses. Thread-safe.
 */
final class S3Addresses {
  /** A part of a name that something between the client and the store may take for another one. */
  private static final Pattern UNPLAIN = Pattern.compile("(^|/)\\.{0,2}(/|$)|[\\\\\\p{Cntrl}]");

  private static final Pattern ENCODED_SEPARATOR = Pattern.compile("%(2f|5c|00)");

  private final S3Settings settings;
  private final S3EndpointProvider endpoints = S3EndpointProvider.defaultProvider();
  private final Map<String, List<URI>> roots = new ConcurrentHashMap<>();

  S3Addresses(S3Settings settings) {
    this.settings = settings;
  }

  String region() {
    return settings.region();
  }

  /**
   * An address that was understood.
   *
   * @param root the bucket's own address, without a slash at its end
   * @param place with a decoded key; empty for the bucket itself
   * @param parameters decoded
   */
  record Address(URI root, S3Place place, SortedMap<String, String> parameters) {
    boolean isBucket() {
      return place.key().isEmpty();
    }

    /** The path as it is signed and sent. */
    String path() {
      return root.getRawPath() + "/" + encoded(place.key(), true);
    }

    String query() {
      StringBuilder query = new StringBuilder();
      parameters.forEach((name, value) -> {
        query.append(query.isEmpty() ? "" : "&");
        query.append(encoded(name, false)).append('=').append(encoded(value, false));
      });
      return query.toString();
    }

    String host() {
      return root.getRawAuthority();
    }

    URI uri() {
      String query = query();
      return URI.create(
          root.getScheme() + "://" + host() + path() + (query.isEmpty() ? "" : "?" + query));
    }
  }

  /** The address in one of the buckets; empty for any other. */
  Optional<Address> address(URI uri, List<String> buckets) {
    if (uri.isOpaque()
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawFragment() != null
        || uri.getRawPath() == null) {
      return Optional.empty();
    }
    for (String bucket : buckets) {
      for (URI root : roots.computeIfAbsent(bucket, this::roots)) {
        Optional<String> key = below(root, uri);
        if (key.isPresent()) {
          return Optional.of(
              new Address(root, new S3Place(bucket, key.get()), parameters(uri.getRawQuery())));
        }
      }
    }
    return Optional.empty();
  }

  /** With the bucket in the path, and in the name of the host where it can be. */
  private List<URI> roots(String bucket) {
    return List.of(root(bucket, true), root(bucket, false)).stream().distinct().toList();
  }

  private URI root(String bucket, boolean inPath) {
    Endpoint endpoint =
        endpoints
            .resolveEndpoint(asked -> {
              asked.region(Region.of(settings.region())).bucket(bucket).forcePathStyle(inPath);
              settings.endpoint().ifPresent(asked::endpoint);
            })
            .join();
    String text = endpoint.endpointUrl().toUri().toString();
    return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
  }

  /** The decoded rest of the path; empty for another host or path. */
  private static Optional<String> below(URI root, URI uri) {
    String path = uri.getRawPath();
    if (!root.getScheme().equalsIgnoreCase(uri.getScheme())
        || !root.getHost().equalsIgnoreCase(uri.getHost())
        || port(root) != port(uri)
        || !path.startsWith(root.getRawPath())) {
      return Optional.empty();
    }
    String rest = path.substring(root.getRawPath().length());
    if (rest.isEmpty() || rest.equals("/")) {
      return Optional.of("");
    }
    if (!rest.startsWith("/")) {
      return Optional.empty();
    }
    if (ENCODED_SEPARATOR.matcher(rest.toLowerCase(Locale.ROOT)).find()) {
      throw unclear("its path has an encoded separator");
    }
    String key = decoded(rest.substring(1));
    if (UNPLAIN.matcher(key).find()) {
      throw unclear("its path is not plain");
    }
    return Optional.of(key);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("http") ? 80 : 443;
  }

  private static SortedMap<String, String> parameters(@Nullable String query) {
    SortedMap<String, String> parameters = new TreeMap<>();
    if (query == null || query.isEmpty()) {
      return parameters;
    }
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
      String value = equals < 0 ? "" : decoded(parameter.substring(equals + 1));
      if (name.isEmpty() || parameter.contains("+") || parameters.put(name, value) != null) {
        throw unclear("its parameters are not plain");
      }
    }
    return parameters;
  }

  /** Decodes once, and nothing but what is encoded well. */
  private static String decoded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer decoded = ByteBuffer.allocate(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] != '%') {
        decoded.put(bytes[i]);
        continue;
      }
      boolean whole = i + 2 < bytes.length;
      int high = whole ? Character.digit(bytes[i + 1], 16) : -1;
      int low = whole ? Character.digit(bytes[i + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw unclear("it is not encoded well");
      }
      decoded.put((byte) (high << 4 | low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(decoded.flip())
          .toString();
    } catch (CharacterCodingException e) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED, "the request is not signed: it is no UTF-8", e);
    }
  }

  /** As signatures of version 4 want it. */
  static String encoded(String text, boolean keepsSlashes) {
    StringBuilder encoded = new StringBuilder(text.length());
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || "-._~".indexOf(c) >= 0
              || (keepsSlashes && c == '/');
      encoded.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
    }
    return encoded.toString();
  }

  private static PolderException unclear(String why) {
    return new PolderException(ErrorCode.ACCESS_DENIED, "the request is not signed: " + why);
  }
}
