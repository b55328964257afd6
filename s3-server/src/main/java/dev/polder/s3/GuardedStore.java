package dev.polder.s3;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An S3 store with a security token service: it gives keys for AssumeRole, verifies each request's
 * signature, holds sessions to their policies, and keeps the files in the S3 server behind it.
 * Thread-safe.
 */
public final class GuardedStore implements AutoCloseable {
  public static final String ROLE = "arn:aws:iam::123456789012:role/lake";
  private static final String REGION = "us-east-1";
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/\\d{8}/[^/]+/([^/]+)/aws4_request,"
              + " ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** The server behind, and what the owner of its files signs with. */
  public record Backend(String endpoint, String id, String secret) {}

  private record Session(String secret, String token, SessionPolicy policy) {}

  /** What a client asked to do and did not get. */
  public record Denial(String action, String resource) {}

  private final Backend behind;
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final List<Map<String, String>> assumed = new CopyOnWriteArrayList<>();
  private final List<Denial> denials = new CopyOnWriteArrayList<>();

  public GuardedStore(Backend behind) {
    this.behind = behind;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** What AssumeRole was asked for. */
  public List<Map<String, String>> assumed() {
    return assumed;
  }

  public List<Denial> denials() {
    return denials;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String type =
          Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Content-Type"), "");
      if (exchange.getRequestURI().getPath().equals("/")
          && type.startsWith("application/x-www-form-urlencoded")) {
        assumeRole(exchange, body);
      } else {
        store(exchange, body);
      }
    }
  }

  private void assumeRole(HttpExchange exchange, byte[] body) throws IOException {
    Map<String, String> asked = new ConcurrentHashMap<>();
    StoreRequests.parameters(new String(body, StandardCharsets.UTF_8))
        .forEach(
            (name, value) -> asked.put(name, URLDecoder.decode(value, StandardCharsets.UTF_8)));
    String caller =
        Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
    if (!caller.contains("Credential=" + behind.id() + "/") || !ROLE.equals(asked.get("RoleArn"))) {
      error(exchange, 403, "AccessDenied", "only the server may assume the role");
      return;
    }
    assumed.add(asked);
    String key =
        "ASIA" + UUID.randomUUID().toString().replace("-", "").toUpperCase(java.util.Locale.ROOT);
    Session session =
        new Session(
            UUID.randomUUID().toString(),
            UUID.randomUUID().toString(),
            SessionPolicy.parse(Objects.requireNonNull(asked.get("Policy"))));
    sessions.put(key, session);
    Duration duration = Duration.ofSeconds(Long.parseLong(asked.get("DurationSeconds")));
    reply(
        exchange,
        200,
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>"
            + "<Credentials><AccessKeyId>"
            + key
            + "</AccessKeyId><SecretAccessKey>"
            + session.secret()
            + "</SecretAccessKey><SessionToken>"
            + session.token()
            + "</SessionToken><Expiration>"
            + Instant.now().plus(duration)
            + "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>");
  }

  private void store(HttpExchange exchange, byte[] body) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    Matcher authorization =
        AUTHORIZATION.matcher(Objects.requireNonNullElse(headers.getFirst("Authorization"), ""));
    if (!authorization.matches()) {
      error(exchange, 403, "AccessDenied", "the request is not signed");
      return;
    }
    String key = authorization.group(1);
    Session session = sessions.get(key);
    if (session == null && !key.equals(behind.id())) {
      error(exchange, 403, "InvalidAccessKeyId", "no such key");
      return;
    }
    String secret = session == null ? behind.secret() : session.secret();
    URI uri = exchange.getRequestURI();
    SortedMap<String, String> parameters = StoreRequests.parameters(uri.getRawQuery());
    String signature =
        StoreRequests.signature(
            secret,
            REGION,
            Objects.requireNonNull(headers.getFirst("x-amz-date")),
            exchange.getRequestMethod(),
            uri.getRawPath(),
            StoreRequests.query(parameters),
            authorization.group(3),
            name -> String.join(",", headers.getOrDefault(name, List.of(""))),
            Objects.requireNonNull(headers.getFirst("x-amz-content-sha256")));
    if (!signature.equals(authorization.group(4))
        || (session != null && !session.token().equals(headers.getFirst("x-amz-security-token")))) {
      error(exchange, 403, "SignatureDoesNotMatch", "the signature is wrong");
      return;
    }
    Denial wanted = wanted(exchange.getRequestMethod(), uri, parameters);
    String prefix =
        URLDecoder.decode(parameters.getOrDefault("prefix", ""), StandardCharsets.UTF_8);
    if (session != null && !session.policy().allows(wanted.action(), wanted.resource(), prefix)) {
      denials.add(wanted);
      error(exchange, 403, "AccessDenied", wanted.action() + " is not allowed by the session");
      return;
    }
    forward(exchange, body, uri, parameters);
  }

  private static Denial wanted(String method, URI uri, Map<String, String> parameters) {
    String[] path = uri.getPath().substring(1).split("/", 2);
    String resource =
        "arn:aws:s3:::" + path[0] + (path.length < 2 || path[1].isEmpty() ? "" : "/" + path[1]);
    boolean bucket = !resource.contains("/");
    String action =
        switch (method) {
          case "GET" ->
              bucket
                  ? parameters.containsKey("location") ? "GetBucketLocation" : "ListBucket"
                  : "GetObject";
          case "HEAD" -> bucket ? "ListBucket" : "GetObject";
          case "PUT" -> "PutObject";
          case "POST" -> parameters.containsKey("delete") ? "DeleteObject" : "PutObject";
          default -> parameters.containsKey("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
        };
    return new Denial("s3:" + action, resource);
  }

  /** Asks the server behind, with its own keys. */
  private void forward(
      HttpExchange exchange, byte[] sent, URI uri, SortedMap<String, String> parameters)
      throws IOException {
    Headers headers = exchange.getRequestHeaders();
    boolean chunked =
        Objects.requireNonNullElse(headers.getFirst("x-amz-content-sha256"), "")
            .startsWith("STREAMING");
    byte[] body = chunked ? StoreRequests.unchunked(sent) : sent;
    URI target =
        URI.create(
            behind.endpoint()
                + uri.getRawPath()
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
    Map<String, String> signed =
        Map.of(
            "host", target.getRawAuthority(),
            "x-amz-content-sha256", StoreRequests.sha256(body),
            "x-amz-date", TIME.format(Instant.now()));
    String names = "host;x-amz-content-sha256;x-amz-date";
    String time = Objects.requireNonNull(signed.get("x-amz-date"));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
            .header("x-amz-content-sha256", StoreRequests.sha256(body))
            .header("x-amz-date", time)
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential="
                    + behind.id()
                    + "/"
                    + time.substring(0, 8)
                    + "/"
                    + REGION
                    + "/s3/aws4_request, SignedHeaders="
                    + names
                    + ", Signature="
                    + StoreRequests.signature(
                        behind.secret(),
                        REGION,
                        time,
                        exchange.getRequestMethod(),
                        target.getRawPath(),
                        StoreRequests.query(parameters),
                        names,
                        name -> Objects.requireNonNull(signed.get(name)),
                        StoreRequests.sha256(body)));
    for (String name : List.of("Range", "If-None-Match", "If-Match", "Content-Type")) {
      String value = headers.getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    HttpResponse<byte[]> response;
    try {
      response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    response
        .headers()
        .map()
        .forEach((name, values) -> {
          if (!List.of("connection", "transfer-encoding")
              .contains(name.toLowerCase(java.util.Locale.ROOT))) {
            exchange.getResponseHeaders().put(name, values);
          }
        });
    boolean empty = exchange.getRequestMethod().equals("HEAD") || response.body().length == 0;
    exchange.sendResponseHeaders(response.statusCode(), empty ? -1 : response.body().length);
    if (!empty) {
      exchange.getResponseBody().write(response.body());
    }
  }

  private static void error(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    reply(
        exchange,
        status,
        "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>");
  }

  private static void reply(HttpExchange exchange, int status, String xml) throws IOException {
    byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/xml");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
    if (!head) {
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
  }
}
