package dev.polder.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Google Cloud Storage with Google's token services: it holds each token to its boundary, and who
 * may create may not replace. The objects lie in what is behind it.
 */
final class GuardedGcs implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PATH =
      Pattern.compile("(?:/upload|/download)?/storage/v1/b/([^/]+)/o(?:/([^/]*))?");

  enum Kind {
    GET("objectViewer"),
    LIST("objectViewer"),
    CREATE("objectCreator"),
    CONTINUE("objectCreator"),
    DELETE("objectAdmin");

    private final String role;

    Kind(String role) {
      this.role = "inRole:roles/storage." + role;
    }
  }

  /** What is asked of the objects. */
  @SuppressWarnings("ArrayRecordComponent")
  record Request(
      Kind kind,
      String method,
      URI uri,
      String bucket,
      String name,
      Map<String, String> query,
      Optional<String> range,
      Optional<String> contentRange,
      byte[] body) {}

  @SuppressWarnings("ArrayRecordComponent")
  record Reply(int status, Map<String, String> headers, byte[] body) {
    static Reply json(int status, JsonNode body) {
      return new Reply(
          status,
          Map.of("Content-Type", "application/json"),
          body.toString().getBytes(StandardCharsets.UTF_8));
    }

    static Reply error(int status, String message) {
      var error = JSON.createObjectNode();
      error.putObject("error").put("code", status).put("message", message);
      return json(status, error);
    }
  }

  /** Where the objects lie. */
  interface Behind {
    boolean exists(String bucket, String name);

    Reply answer(Request request, String endpoint) throws IOException;
  }

  private final Behind behind;
  private final HttpServer server;
  private final GoogleTokens tokens = new GoogleTokens();
  private final List<String> denials = new CopyOnWriteArrayList<>();

  GuardedGcs(Behind behind) {
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

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  GoogleTokens tokens() {
    return tokens;
  }

  /** What was asked for and not allowed. */
  List<String> denials() {
    return denials;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Reply reply = reply(exchange);
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(
          reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
      exchange.getResponseBody().write(reply.body());
    } catch (RuntimeException e) {
      denials.add("broken " + exchange.getRequestURI() + " " + e);
      throw e;
    }
  }

  private Reply reply(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    byte[] body = exchange.getRequestBody().readAllBytes();
    try {
      if (uri.getPath().equals("/token") || uri.getPath().equals("/v1/token")) {
        String form = new String(body, StandardCharsets.UTF_8);
        String answer =
            uri.getPath().equals("/token") ? tokens.byAssertion(form) : tokens.byExchange(form);
        return Reply.json(200, JSON.readTree(answer));
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Reply.error(400, e.toString());
    }
    Optional<Request> request = request(exchange, uri, body);
    if (request.isEmpty()) {
      denials.add("unknown " + exchange.getRequestMethod() + " " + uri);
      return Reply.error(501, "unknown request");
    }
    if (!allowed(token(exchange), request.get())) {
      denials.add(request.get().kind() + " " + request.get().name());
      return Reply.error(
          403, request.get().kind() + " " + request.get().name() + " is not allowed");
    }
    return behind.answer(request.get(), endpoint());
  }

  private static String token(HttpExchange exchange) {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    return header == null ? "" : header.replaceFirst("^Bearer ", "");
  }

  private boolean allowed(String token, Request request) {
    if (tokens.isWhole(token)) {
      return true;
    }
    // Who knows an upload's address was let in at its start.
    if (request.kind() == Kind.CONTINUE) {
      return true;
    }
    if (request.kind() == Kind.CREATE && behind.exists(request.bucket(), request.name())) {
      return false;
    }
    String resource = "projects/_/buckets/" + request.bucket() + "/objects/" + request.name();
    return tokens.rules(token).stream()
        .filter(rule -> rule.bucket().equals(request.bucket()))
        .filter(rule -> rule.role().equals(request.kind().role))
        .anyMatch(rule ->
            request.kind() == Kind.LIST
                ? rule.condition().opensList(request.query().getOrDefault("prefix", ""))
                : rule.condition().opensObject(resource));
  }

  private static Optional<Request> request(HttpExchange exchange, URI uri, byte[] body)
      throws IOException {
    Matcher path = PATH.matcher(uri.getRawPath());
    if (!path.matches()) {
      return Optional.empty();
    }
    Map<String, String> query = query(uri.getRawQuery());
    String name = path.group(2) == null ? query.getOrDefault("name", "") : decode(path.group(2));
    String method = exchange.getRequestMethod();
    Kind kind;
    if (method.equals("GET")) {
      kind = path.group(2) == null ? Kind.LIST : Kind.GET;
    } else if (method.equals("DELETE")) {
      kind = Kind.DELETE;
    } else if (query.containsKey("upload_id")) {
      kind = Kind.CONTINUE;
    } else if (method.equals("POST") && "resumable".equals(query.get("uploadType"))) {
      kind = Kind.CREATE;
      name = name.isEmpty() ? JSON.readTree(body).path("name").asText() : name;
    } else {
      return Optional.empty();
    }
    var headers = exchange.getRequestHeaders();
    return Optional.of(
        new Request(
            kind,
            method,
            uri,
            decode(path.group(1)),
            name,
            query,
            Optional.ofNullable(headers.getFirst("Range")),
            Optional.ofNullable(headers.getFirst("Content-Range")),
            body));
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      query.put(decode(parts[0]), parts.length > 1 ? decode(parts[1]) : "");
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
