package dev.polder.federation.secret.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks secret stores. Follows no redirects, takes no more than a megabyte and waits for the whole
 * of it only as long as told. No failure shows what was sent or answered. Thread-safe.
 */
final class SecretHttp implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_BYTES = 1 << 20;

  /** No digits: an answer that repeats a token is not repeated by us. */
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z][A-Za-z_ .,:-]{0,99}");

  private final Duration timeout;
  private final HttpClient client;

  private SecretHttp(Duration timeout, @Nullable SSLContext trust) {
    this.timeout = timeout;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout);
    if (trust != null) {
      builder.sslContext(trust);
    }
    this.client = builder.build();
  }

  static SecretHttp trustingTheMachine(Duration timeout) {
    return new SecretHttp(timeout, null);
  }

  /** Trusts the certificates of a PEM file alone. */
  static SecretHttp trusting(Path authorities, Duration timeout) throws SecretFailure {
    try (InputStream in = Files.newInputStream(authorities)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int n = 0;
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca" + n++, one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return new SecretHttp(timeout, context);
    } catch (IOException | GeneralSecurityException e) {
      throw new SecretFailure(
          "the certificates of "
              + authorities
              + " cannot be read: "
              + e.getClass().getSimpleName());
    }
  }

  /** An answer; its body is no node where it is no JSON. */
  record Answer(int status, HttpHeaders headers, JsonNode body) {
    boolean isOk() {
      return status >= 200 && status < 300;
    }

    /** What the store calls the failure, if that is a harmless word or two. */
    String reason(String pointer) {
      String text = body.at(pointer).asText("").strip();
      return HARMLESS.matcher(text).matches() ? " (" + text + ")" : "";
    }
  }

  Answer get(String store, URI place, Map<String, String> headers) throws SecretFailure {
    return send(store, request(place, headers).GET());
  }

  Answer postForm(String store, URI place, Map<String, String> fields) throws SecretFailure {
    String body =
        fields.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        store,
        request(place, Map.of("Content-Type", "application/x-www-form-urlencoded"))
            .POST(BodyPublishers.ofString(body)));
  }

  Answer postJson(String store, URI place, Map<String, String> headers, Map<String, String> fields)
      throws SecretFailure {
    return send(
        store,
        request(place, headers)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.valueToTree(fields).toString())));
  }

  private HttpRequest.Builder request(URI place, Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(place).timeout(timeout).header("Accept", "application/json");
    headers.forEach(request::header);
    return request;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** The place of a path below a configured address, which may have a path of its own. */
  static URI at(URI address, String path) {
    String base = address.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  private Answer send(String store, HttpRequest.Builder request) throws SecretFailure {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    try {
      HttpResponse<byte[]> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(response.statusCode(), response.headers(), json(response.body()));
    } catch (TimeoutException e) {
      throw late(store);
    } catch (ExecutionException e) {
      throw failure(store, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SecretFailure("interrupted while " + store + " was asked");
    } finally {
      answer.cancel(true);
    }
  }

  private static JsonNode json(byte[] body) {
    try {
      JsonNode node = JSON.readTree(body);
      return node == null ? JSON.missingNode() : node;
    } catch (IOException e) {
      return JSON.missingNode();
    }
  }

  private SecretFailure late(String store) {
    return new SecretFailure(store + " did not answer within " + timeout.toMillis() + " ms");
  }

  private SecretFailure failure(String store, @Nullable Throwable cause) {
    String why =
        switch (cause) {
          case java.net.http.HttpTimeoutException e -> null;
          case SSLException e -> "its certificate or TLS set-up is not accepted";
          case UnknownHostException e -> "its name is not known";
          case ConnectException e ->
              e.getCause() instanceof UnresolvedAddressException
                  ? "its name is not known"
                  : "nothing listens there";
          case null, default -> "the connection broke or the answer is too large";
        };
    return why == null ? late(store) : new SecretFailure(store + " cannot be asked: " + why);
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
  }
}
