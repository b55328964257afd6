package dev.polder.federation.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * A server that answers as a vendor documents, and to nothing else: a request that no route knows,
 * or that a route finds to be wrong, is noted as a fault and answered with 400.
 */
final class VendorServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Route> routes = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();

  /** Answers one kind of request. */
  interface Route {
    Reply answer(Request request) throws Exception;
  }

  /** What came. */
  record Request(String method, String path, String query, Headers headers, String body) {
    String header(String name) {
      String value = headers.getFirst(name);
      return value == null ? "" : value;
    }

    JsonNode json() throws IOException {
      return JSON.readTree(body);
    }

    Map<String, String> form() {
      if (!header("Content-Type").equals("application/x-www-form-urlencoded")) {
        throw new AssertionError("not a form: " + header("Content-Type"));
      }
      return pairs(body);
    }

    Map<String, String> parameters() {
      return pairs(query);
    }

    private static Map<String, String> pairs(String text) {
      return Arrays.stream(text.split("&", -1))
          .filter(pair -> !pair.isEmpty())
          .map(pair -> pair.split("=", 2))
          .collect(
              Collectors.toMap(
                  pair -> URLDecoder.decode(pair[0], UTF_8),
                  pair -> URLDecoder.decode(pair[1], UTF_8),
                  (a, b) -> {
                    throw new AssertionError("given twice");
                  },
                  TreeMap::new));
    }
  }

  /** What goes back. */
  record Reply(int status, Map<String, String> headers, String body) {
    static Reply json(int status, String body) {
      return new Reply(status, Map.of("Content-Type", "application/json"), body);
    }

    Reply with(String name, String value) {
      Map<String, String> all = new TreeMap<>(headers);
      all.put(name, value);
      return new Reply(status, all, body);
    }
  }

  private VendorServer(HttpServer server) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  static VendorServer start() {
    try {
      return new VendorServer(HttpServer.create(anyPort(), 0));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static VendorServer startTls(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new VendorServer(server);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  URI address() {
    String scheme = server instanceof HttpsServer ? "https" : "http";
    return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The route of a method and a path as it stands in the request line: {@code "GET /v1/x"}. */
  void on(String methodAndPath, Route route) {
    routes.put(methodAndPath, route);
  }

  /** How often it was asked that. */
  long asked(String methodAndPath) {
    return asked.stream().filter(methodAndPath::equals).count();
  }

  List<String> faults() {
    return faults;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String name = exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath();
      asked.add(name);
      Reply reply;
      try {
        Route route = routes.get(name);
        if (route == null) {
          throw new AssertionError("nobody answers that");
        }
        String query = exchange.getRequestURI().getRawQuery();
        reply =
            route.answer(
                new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    query == null ? "" : query,
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
      } catch (Exception | AssertionError e) {
        faults.add(name + ": " + e);
        reply = Reply.json(400, "{}");
      }
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] body = reply.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
