package dev.polder.server.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** Asks a server whether it takes statements, without credentials. Stateless. */
public final class ReadinessProbe {
  private ReadinessProbe() {}

  /**
   * The HTTP status of {@code /ready}: 200 when the server is ready.
   *
   * @throws ConnectionFailure when nothing answers in time
   */
  public static int status(URI server, Trust trust, Duration timeout) {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/ready")).timeout(timeout).GET().build();
    try (HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(trust.context())
            .connectTimeout(timeout)
            .build()) {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (SSLException e) {
      throw new ConnectionFailure(
          "the certificate of " + server + " is not trusted; name another with --tls-ca", e);
    } catch (IOException e) {
      throw new ConnectionFailure("no server answers at " + server, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionFailure("interrupted while waiting for " + server, e);
    }
  }
}
