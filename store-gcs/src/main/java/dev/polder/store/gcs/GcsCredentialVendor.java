package dev.polder.store.gcs;

import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.DownscopedCredentials;
import com.google.auth.oauth2.GoogleCredentials;
import dev.polder.lake.delegation.CredentialVendor;
import dev.polder.lake.delegation.GivenCredentials;
import dev.polder.lake.delegation.Reach;
import dev.polder.lake.delegation.TemporaryCredentials;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server's own token, exchanged for one that is narrowed to a table's files. It ends when the
 * server's own would, which is renewed before if less than half an hour of it is left. Thread-safe.
 */
final class GcsCredentialVendor implements CredentialVendor {
  private static final Duration LEFT = Duration.ofMinutes(30);

  private record Key(String session, Reach reach) {}

  private final GoogleCredentials source;
  private final HttpTransportFactory transport;
  private final Map<String, String> client;
  private final Clock clock;
  private final GivenCredentials<Key> given;

  GcsCredentialVendor(
      GoogleCredentials source,
      Optional<String> tokenEndpoint,
      Map<String, String> client,
      Clock clock) {
    this.source = source;
    this.transport = new TokenTransport(tokenEndpoint);
    this.client = Map.copyOf(client);
    this.clock = clock;
    this.given = new GivenCredentials<>(clock);
  }

  /** Those that create objects cannot replace any. */
  @Override
  public boolean writes() {
    return true;
  }

  @Override
  public String refreshProperty() {
    return "gcs.oauth2.refresh-credentials-endpoint";
  }

  @Override
  public TemporaryCredentials vend(Reach reach, String session) {
    return given.get(new Key(session, reach), this::exchanged);
  }

  private TemporaryCredentials exchanged(Key key) {
    var boundary = GcsBoundary.of(key.reach());
    AccessToken token;
    try {
      renewSource();
      token =
          DownscopedCredentials.newBuilder()
              .setSourceCredential(source)
              .setCredentialAccessBoundary(boundary)
              .setHttpTransportFactory(transport)
              .build()
              .refreshAccessToken();
    } catch (IOException e) {
      throw GivenCredentials.notGiven(key.session(), "use credentials of your own", e);
    }
    Instant end = end(token);
    Map<String, String> config = new HashMap<>(client);
    config.put("gcs.oauth2.token", token.getTokenValue());
    config.put("gcs.oauth2.token-expires-at", Long.toString(end.toEpochMilli()));
    return new TemporaryCredentials(key.reach().common(), config, end);
  }

  private void renewSource() throws IOException {
    source.refreshIfExpired();
    if (end(source.getAccessToken()).isBefore(clock.instant().plus(LEFT))) {
      source.refresh();
    }
  }

  private static Instant end(@Nullable AccessToken token) {
    Date end = token == null ? null : token.getExpirationTime();
    return Objects.requireNonNull(end, "a token without an end").toInstant();
  }

  @Override
  public void close() {}
}
