package dev.polder.policy.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;

/**
 * Gets what identity providers publish. Follows no redirects, takes no more than a megabyte and
 * waits a few seconds only. Thread-safe.
 */
public final class WebDocuments implements ResourceRetriever, AutoCloseable {
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

  @Override
  public Resource retrieveResource(URL url) throws IOException {
    try {
      return new Resource(get(url.toURI()), "application/json");
    } catch (URISyntaxException e) {
      throw new IOException("no address: " + url, e);
    }
  }

  String get(URI place) throws IOException {
    if (!allows(place)) {
      throw new IOException(place + " is not allowed: it must begin with https://");
    }
    HttpRequest request =
        HttpRequest.newBuilder(place)
            .timeout(TIMEOUT)
            .header("Accept", "application/json, application/jwk-set+json")
            .build();
    try {
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        if (response.statusCode() != 200) {
          throw new IOException(place + " answered " + response.statusCode());
        }
        byte[] bytes = body.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
          throw new IOException(place + " answered with more than " + MOST_BYTES + " bytes");
        }
        return new String(bytes, UTF_8);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
