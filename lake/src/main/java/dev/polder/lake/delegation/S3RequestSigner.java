package dev.polder.lake.delegation;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Signs requests to an S3-compatible store. A request that makes a file is signed only when there
 * is none of that name, and with {@code If-None-Match: *}, so that a store that knows the condition
 * refuses it should there be one by then. Thread-safe.
 */
final class S3RequestSigner implements RequestSigner {
  private static final String PAYLOAD = "x-amz-content-sha256";
  private static final String CONDITION = "if-none-match";

  /** What does not say whose rights, which source or which settings of the file are meant. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "x-amz-(content-sha256|date|te|trailer|decoded-content-length"
              + "|sdk-checksum-algorithm|checksum-[a-z0-9-]+)");

  /** The body's digest, or that it has none or one at its end, which no key is needed for. */
  private static final Pattern PAYLOADS =
      Pattern.compile("UNSIGNED-PAYLOAD|STREAMING-UNSIGNED-PAYLOAD-TRAILER|[0-9a-f]{64}");

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final Pattern SPACES = Pattern.compile(" +");

  private final S3Addresses addresses;
  private final AwsCredentialsProvider keys;
  private final Predicate<String> exists;
  private final Clock clock;

  S3RequestSigner(
      S3Addresses addresses, AwsCredentialsProvider keys, Predicate<String> exists, Clock clock) {
    this.addresses = addresses;
    this.keys = keys;
    this.exists = exists;
    this.clock = clock;
  }

  @Override
  public SignedRequest sign(Reach reach, StoreRequest request) {
    List<S3Place> places = reach.all().stream().map(S3Place::of).toList();
    S3Addresses.Address address =
        addresses
            .address(request.uri(), places.stream().map(S3Place::bucket).distinct().toList())
            .orElseThrow(() -> refused("it does not go to the table's files"));
    S3Action action =
        S3Action.of(request.method(), address)
            .orElseThrow(() ->
                refused(
                    "only files are read, listed and made through this server. What is deleted is"
                        + " the server's to say: files are shared by clones and time travel"));
    verify(action, address.place(), address.parameters(), reach);
    SortedMap<String, String> headers = headers(request, action);
    if (action.makesFile()) {
      String location = "s3://" + address.place().bucket() + "/" + address.place().key();
      if (exists.test(location)) {
        throw refused(location + " exists already; files are never replaced");
      }
    }
    SortedMap<String, String> signed =
        new SignatureV4(keys.resolveCredentials(), addresses.region(), clock.instant())
            .sign(request.method(), address, headers);
    Map<String, List<String>> result = new HashMap<>();
    signed.forEach((name, value) -> result.put(name, List.of(value)));
    return new SignedRequest(address.uri(), result, action.writes());
  }

  private static void verify(
      S3Action action, S3Place place, Map<String, String> parameters, Reach reach) {
    List<S3Place> own = reach.own().stream().map(S3Place::of).toList();
    if (action.writes()) {
      if (own.stream().noneMatch(known -> known.holds(place))) {
        throw refused("a file is made in the table's own directory, " + reach.own().getFirst());
      }
      if (!reach.writes()) {
        throw refused("the INSERT or DELETE grant on the table is missing");
      }
      return;
    }
    boolean inside =
        action == S3Action.LIST
            ? own.stream()
                .filter(known -> known.bucket().equals(place.bucket()))
                .anyMatch(known -> parameters.getOrDefault("prefix", "").startsWith(known.key()))
            : reach.all().stream().map(S3Place::of).anyMatch(known -> known.holds(place));
    if (!inside) {
      throw refused("it does not go to the table's files");
    }
  }

  /** Those that are signed; a header that is not, such as a range, may have any value. */
  private static SortedMap<String, String> headers(StoreRequest request, S3Action action) {
    SortedMap<String, String> headers = new TreeMap<>();
    request
        .headers()
        .forEach((name, values) -> {
          String key = name.toLowerCase(Locale.ROOT);
          String value = SPACES.matcher(String.join(",", values).strip()).replaceAll(" ");
          if (CONTROL.matcher(name).find() || CONTROL.matcher(value).find()) {
            throw refused("a header has a control character");
          }
          if (key.startsWith("x-amz-")) {
            if (!HARMLESS.matcher(key).matches()) {
              throw refused("the header " + key + " is not among those that are signed");
            }
            headers.put(key, value);
          } else if (key.equals("content-md5")) {
            headers.put(key, value);
          } else if (action.writes() && (key.equals("if-match") || key.equals(CONDITION))) {
            throw refused("the server sets the conditions of a request that writes");
          }
        });
    headers.remove("x-amz-date");
    if (!PAYLOADS.matcher(headers.computeIfAbsent(PAYLOAD, it -> "UNSIGNED-PAYLOAD")).matches()) {
      throw refused("the body's parts cannot be signed");
    }
    if (action.conditional()) {
      headers.put(CONDITION, "*");
    }
    return headers;
  }

  private static PolderException refused(String why) {
    return new PolderException(ErrorCode.ACCESS_DENIED, "the request is not signed: " + why);
  }
}
