package dev.polder.federation.secret.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.federation.secret.SecretStoreSettings;
import dev.polder.federation.secret.internal.SecretHttp.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Azure Key Vault: {@code <name>} or {@code <name>/<version>} in the one vault that is configured.
 */
public final class AzureSecrets implements SecretFetch {
  private static final String STORE = "Azure Key Vault";
  private static final String VERSION = "7.4";
  private static final Pattern PATH = Pattern.compile("[0-9A-Za-z-]{1,127}(/[0-9A-Za-z]{1,64})?");

  private final SecretHttp http;
  private final SecretStoreSettings.Azure settings;
  private final BearerToken token;

  public AzureSecrets(SecretStoreSettings.Azure settings, Duration timeout) {
    this.http = SecretHttp.trustingTheMachine(timeout);
    this.settings = settings;
    this.token = new BearerToken(new AzureLogin(settings, http));
  }

  @Override
  public String store() {
    return STORE;
  }

  @Override
  public void check(String path) throws SecretFailure {
    if (!PATH.matcher(path).matches()) {
      throw new SecretFailure(
          "'" + path + "' is no name of a secret in Azure Key Vault, nor name/version");
    }
  }

  @Override
  public String fetch(String path) throws SecretFailure {
    URI vault = settings.vaultUrl();
    if (vault == null) {
      throw new SecretFailure(STORE + " is not configured: set federation.azure-kv.vault-url");
    }
    String bearer = token.value();
    Answer answer = ask(vault, path, bearer);
    if (answer.status() == 401) {
      token.refused(bearer);
      answer = ask(vault, path, token.value());
    }
    return switch (answer.status()) {
      case 200 -> value(path, answer.body().path("value"));
      case 404 -> throw new SecretFailure(STORE + " has no secret '" + path + "'");
      case 403 ->
          throw new SecretFailure(
              STORE
                  + " does not let the server read '"
                  + path
                  + "'"
                  + answer.reason("/error/code"));
      default ->
          throw new SecretFailure(
              STORE
                  + " answered "
                  + answer.status()
                  + answer.reason("/error/code")
                  + " for '"
                  + path
                  + "'");
    };
  }

  private Answer ask(URI vault, String path, String bearer) throws SecretFailure {
    return http.get(
        STORE,
        SecretHttp.at(vault, "/secrets/" + path + "?api-version=" + VERSION),
        Map.of("Authorization", "Bearer " + bearer));
  }

  private static String value(String path, JsonNode value) throws SecretFailure {
    if (!value.isTextual()) {
      throw new SecretFailure(STORE + " gave no value for '" + path + "'");
    }
    return value.textValue();
  }

  @Override
  public void close() {
    http.close();
  }
}
