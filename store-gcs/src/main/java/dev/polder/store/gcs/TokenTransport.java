package dev.polder.store.gcs;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.javanet.ConnectionFactory;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.http.HttpTransportFactory;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.util.Optional;

/**
 * Carries requests to the security token service: Google's SDK knows no address but its own, so
 * that another one takes the place of whatever it asks for. Thread-safe.
 */
final class TokenTransport implements HttpTransportFactory {
  private final HttpTransport transport;

  TokenTransport(Optional<String> address) {
    Optional<URI> other = address.map(URI::create);
    ConnectionFactory connections = url -> connection(other, url);
    this.transport = new NetHttpTransport.Builder().setConnectionFactory(connections).build();
  }

  private static HttpURLConnection connection(Optional<URI> other, URL url) throws IOException {
    URL target = other.isPresent() ? other.get().toURL() : url;
    return (HttpURLConnection) target.openConnection();
  }

  @Override
  public HttpTransport create() {
    return transport;
  }
}
