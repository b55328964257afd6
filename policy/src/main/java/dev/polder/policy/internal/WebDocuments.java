package dev.polder.policy.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gets what identity providers publish. Follows no redirects, takes no more than a megabyte and
 * waits a few seconds only, for the whole of it. Thread-safe.
 */
public final class WebDocuments implements AutoCloseable {
  private static final int MOST_BYTES = 1 << 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  private final boolean plain;
  private final HttpClient http =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(TIMEOUT)
          .build();

  /**
   * @param plain whether http will do for other machines too
   */
  public WebDocuments(boolean plain) {
    this.plain = plain;
  }

  /** Whether nobody on the way can change what is got from there. */
  public boolean allows(URI place) {
    String scheme = String.valueOf(place.getScheme());
    return place.getHost() != null
        && place.getUserInfo() == null
        && place.getFragment() == null
        && (scheme.equals("https")
            || (scheme.equals("http") && (plain || THIS_MACHINE.contains(place.getHost()))));
  }

  /**
   * Gets what a document of another place names, which may be no place that only this machine
   * reaches.
   */
  String getNamed(URI by, URI place) throws IOException {
    if (isHere(place) && !isHere(by)) {
      throw new IOException(by + " names " + place + ", which is on this machine");
    }
    return get(place);
  }

  private static boolean isHere(URI place) throws UnknownHostException {
    for (InetAddress address : InetAddress.getAllByName(place.getHost())) {
      if (address.isLoopbackAddress()
          || address.isAnyLocalAddress()
          || address.isLinkLocalAddress()) {
        return true;
      }
    }
    return false;
  }

  String get(URI place) throws IOException {
    if (!allows(place)) {
      throw new IOException(place + " is not allowed: it must begin with https://");
    }
    HttpRequest request =
        HttpRequest.newBuilder(place)
            .header("Accept", "application/json, application/jwk-set+json")
            .build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    try {
      HttpResponse<byte[]> response = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException(place + " answered " + response.statusCode());
      }
      return new String(response.body(), UTF_8);
    } catch (TimeoutException e) {
      throw new IOException(place + " did not answer within " + TIMEOUT.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(place + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
