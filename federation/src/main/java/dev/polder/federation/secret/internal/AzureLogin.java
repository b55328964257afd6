package dev.polder.federation.secret.internal;

import dev.polder.federation.secret.SecretStoreSettings;
import dev.polder.federation.secret.internal.BearerToken.Token;
import dev.polder.federation.secret.internal.SecretHttp.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens of Microsoft Entra for a key vault: by a client's secret, by a token of another
 * issuer that Entra trusts (workload identity), or the machine's managed identity. Thread-safe.
 */
final class AzureLogin implements BearerToken.Source {
  private static final String LOGIN = "Microsoft Entra";
  private static final long SECONDS = 3600;

  private final SecretStoreSettings.Azure settings;
  private final SecretHttp http;

  AzureLogin(SecretStoreSettings.Azure settings, SecretHttp http) {
    this.settings = settings;
    this.http = http;
  }

  @Override
  public Token get(@Nullable Token ending) throws SecretFailure {
    Map<String, String> fields = new LinkedHashMap<>();
    if (settings.clientSecret() != null) {
      fields.put("client_secret", settings.clientSecret().reveal());
    } else if (settings.federatedTokenFile() != null) {
      fields.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
      fields.put("client_assertion", read(settings.federatedTokenFile()));
    } else {
      return fromMachine();
    }
    if (settings.tenantId() == null || settings.clientId() == null) {
      throw new SecretFailure(
          "Azure Key Vault needs federation.azure-kv.tenant-id and federation.azure-kv.client-id");
    }
    fields.put("client_id", settings.clientId());
    fields.put("scope", resource() + "/.default");
    fields.put("grant_type", "client_credentials");
    return token(
        http.postForm(
            LOGIN,
            SecretHttp.at(
                settings.authority(),
                "/" + SecretHttp.encoded(settings.tenantId()) + "/oauth2/v2.0/token"),
            fields));
  }

  private Token fromMachine() throws SecretFailure {
    String client =
        settings.clientId() == null ? "" : "&client_id=" + SecretHttp.encoded(settings.clientId());
    return token(
        http.get(
            "Azure's instance metadata service",
            SecretHttp.at(
                settings.metadataServer(),
                "/metadata/identity/oauth2/token?api-version=2018-02-01&resource="
                    + SecretHttp.encoded(resource())
                    + client),
            Map.of("Metadata", "true")));
  }

  /** Vaults of the national clouds want tokens of their own. */
  private String resource() {
    URI vault = settings.vaultUrl();
    String host =
        vault == null || vault.getHost() == null ? "" : vault.getHost().toLowerCase(Locale.ROOT);
    int domain = host.indexOf(".vault.");
    return "https://" + (domain < 0 ? "vault.azure.net" : host.substring(domain + 1));
  }

  private static String read(Path file) throws SecretFailure {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new SecretFailure("the token file " + file + " cannot be read");
    }
  }

  private static Token token(Answer answer) throws SecretFailure {
    String value = answer.body().path("access_token").asText();
    if (!answer.isOk() || value.isEmpty()) {
      throw new SecretFailure(
          "the server cannot log in at "
              + LOGIN
              + ": status "
              + answer.status()
              + answer.reason("/error"));
    }
    return Token.lasting(value, answer.body().path("expires_in").asLong(SECONDS));
  }
}
