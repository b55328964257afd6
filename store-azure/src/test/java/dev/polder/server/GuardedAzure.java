package dev.polder.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * A storage account that knows signatures for directories, which test servers do not: it holds each
 * to its directory and permissions. Who has the account's key is let through. The files lie in what
 * is behind it.
 */
final class GuardedAzure implements AutoCloseable {
  static final String ACCOUNT = "devstoreaccount1";

  /** The one that every emulator has. */
  static final String KEY =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter HTTP_TIME =
      DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

  /** What is asked of the files. */
  @SuppressWarnings("ArrayRecordComponent")
  record Request(
      String method,
      URI uri,
      String container,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      byte[] body) {}

  @SuppressWarnings("ArrayRecordComponent")
  record Reply(int status, Map<String, String> headers, byte[] body) {
    static Reply error(int status, String code) {
      return new Reply(
          status,
          Map.of("x-ms-error-code", code, "Content-Type", "application/xml"),
          ("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code></Error>")
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  record Entry(String name, long size, Instant created) {}

  /** Where the files lie. */
  interface Behind {
    boolean exists(String container, String path);

    List<Entry> list(String container, String prefix);

    /**
     * Does what is asked.
     *
     * @param keyed whether the request has a signature of its own
     */
    Reply answer(Request request, boolean keyed) throws IOException;
  }

  private final Behind behind;
  private final HttpServer server;
  private final List<String> denials = new CopyOnWriteArrayList<>();

  GuardedAzure(Behind behind) {
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
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + ACCOUNT;
  }

  /** What was asked for and not allowed. */
  List<String> denials() {
    return denials;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Reply reply = reply(exchange);
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      if (head) {
        exchange.sendResponseHeaders(reply.status(), -1);
      } else {
        exchange.sendResponseHeaders(
            reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
        exchange.getResponseBody().write(reply.body());
      }
    } catch (RuntimeException e) {
      denials.add("broken " + exchange.getRequestURI() + " " + e);
      throw e;
    }
  }

  private Reply reply(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    String[] parts = uri.getPath().split("/", 4);
    if (parts.length < 3 || !parts[1].equals(ACCOUNT)) {
      return Reply.error(400, "InvalidUri");
    }
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) ->
            headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
    Request request =
        new Request(
            exchange.getRequestMethod(),
            uri,
            parts[2],
            parts.length > 3 ? parts[3] : "",
            query(uri.getRawQuery()),
            headers,
            exchange.getRequestBody().readAllBytes());
    boolean keyed = headers.getOrDefault("authorization", "").startsWith("SharedKey " + ACCOUNT);
    if (!keyed && !allowed(request)) {
      denials.add(request.method() + " " + request.path() + " " + request.query().get("directory"));
      return Reply.error(403, "AuthorizationPermissionMismatch");
    }
    if (request.query().getOrDefault("resource", "").equals("filesystem")) {
      return listed(request);
    }
    return behind.answer(request, keyed);
  }

  private boolean allowed(Request request) {
    boolean list = request.query().getOrDefault("resource", "").equals("filesystem");
    String path = list ? request.query().getOrDefault("directory", "") : request.path();
    String permissions =
        switch (request.method()) {
          case "GET", "HEAD" -> list ? "l" : "r";
          // From version 2026-04-06 on to create is enough for parts, too.
          case "PUT" ->
              behind.exists(request.container(), path)
                      || request.query().getOrDefault("sv", "").compareTo("2026-04-06") < 0
                  ? "w"
                  : "cw";
          case "DELETE" -> "d";
          default -> "";
        };
    return new DirectorySignature(request.query())
        .opens(ACCOUNT, KEY, request.container(), path, permissions);
  }

  /** As the interface for directories does it. */
  private Reply listed(Request request) {
    ObjectNode answer = JSON.createObjectNode();
    var paths = answer.putArray("paths");
    String directory = request.query().getOrDefault("directory", "");
    String prefix = directory.endsWith("/") || directory.isEmpty() ? directory : directory + "/";
    for (Entry entry : behind.list(request.container(), prefix)) {
      paths
          .addObject()
          .put("name", entry.name())
          .put("contentLength", Long.toString(entry.size()))
          .put("creationTime", "133000000000000000")
          .put("etag", "0x1")
          .put("lastModified", HTTP_TIME.format(entry.created()));
    }
    return new Reply(
        200,
        Map.of("Content-Type", "application/json"),
        answer.toString().getBytes(StandardCharsets.UTF_8));
  }

  static Map<String, String> query(String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : Optional.ofNullable(raw).orElse("").split("&", -1)) {
      String[] parts = pair.split("=", 2);
      query.put(
          parts[0],
          parts.length > 1
              ? URLDecoder.decode(parts[1].replace("+", "%2B"), StandardCharsets.UTF_8)
              : "");
    }
    return query;
  }

  static String time(Instant instant) {
    return HTTP_TIME.format(instant);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
