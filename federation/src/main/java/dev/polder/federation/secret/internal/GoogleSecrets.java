package dev.polder.federation.secret.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.federation.secret.SecretStoreSettings;
import dev.polder.federation.secret.internal.SecretHttp.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Google Secret Manager: {@code projects/<p>/secrets/<name>/versions/<latest or number>}.
 * Thread-safe.
 */
public final class GoogleSecrets implements SecretFetch {
  private static final String STORE = "Google Secret Manager";
  private static final Pattern PATH =
      Pattern.compile(
          "projects/[a-z0-9][a-z0-9:.-]{0,99}/secrets/[A-Za-z0-9_-]{1,255}/versions/[A-Za-z0-9_-]{1,63}");

  private final SecretHttp http;
  private final URI endpoint;
  private final BearerToken token;

  /**
   * @param environment the value of an environment variable, or null
   */
  public GoogleSecrets(
      SecretStoreSettings.Google settings,
      Duration timeout,
      UnaryOperator<@Nullable String> environment) {
    this.http = SecretHttp.trustingTheMachine(timeout);
    this.endpoint = settings.endpoint();
    this.token = new BearerToken(new GoogleLogin(settings, http, environment));
  }

  @Override
  public String store() {
    return STORE;
  }

  @Override
  public void check(String path) throws SecretFailure {
    if (!PATH.matcher(path).matches()) {
      throw new SecretFailure("'" + path + "' is not projects/…/secrets/…/versions/…");
    }
  }

  @Override
  public String fetch(String path) throws SecretFailure {
    String bearer = token.value();
    Answer answer = ask(path, bearer);
    if (answer.status() == 401) {
      token.refused(bearer);
      answer = ask(path, token.value());
    }
    return switch (answer.status()) {
      case 200 -> payload(path, answer.body().path("payload"));
      case 404 -> throw new SecretFailure(STORE + " has no secret '" + path + "'");
      case 403 ->
          throw new SecretFailure(
              STORE
                  + " does not let the server read '"
                  + path
                  + "'"
                  + answer.reason("/error/status"));
      default ->
          throw new SecretFailure(
              STORE
                  + " answered "
                  + answer.status()
                  + answer.reason("/error/status")
                  + " for '"
                  + path
                  + "'");
    };
  }

  private Answer ask(String path, String bearer) throws SecretFailure {
    return http.get(
        STORE,
        SecretHttp.at(endpoint, "/v1/" + path + ":access"),
        Map.of("Authorization", "Bearer " + bearer));
  }

  private static String payload(String path, JsonNode payload) throws SecretFailure {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(payload.path("data").asText());
    } catch (IllegalArgumentException e) {
      throw new SecretFailure(STORE + " gave no base64 for '" + path + "'");
    }
    if (!payload.has("data")) {
      throw new SecretFailure(STORE + " gave no value for '" + path + "'");
    }
    if (payload.has("dataCrc32c")) {
      CRC32C sum = new CRC32C();
      sum.update(bytes);
      if (sum.getValue() != payload.path("dataCrc32c").asLong(-1)) {
        throw new SecretFailure(
            "the value that " + STORE + " gave for '" + path + "' does not match its checksum");
      }
    }
    return new String(bytes, UTF_8);
  }

  @Override
  public void close() {
    http.close();
  }
}
