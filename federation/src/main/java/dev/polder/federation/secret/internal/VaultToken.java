package dev.polder.federation.secret.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.federation.secret.SecretStoreSettings;
import dev.polder.federation.secret.SecretStoreSettings.VaultLogin;
import dev.polder.federation.secret.internal.BearerToken.Token;
import dev.polder.federation.secret.internal.SecretHttp.Answer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of Vault. One that ends is renewed while Vault allows that, since a role's secret id may
 * be good for one login alone; else the server logs in again. Thread-safe.
 */
final class VaultToken implements BearerToken.Source {
  private static final String VAULT = "Vault";

  private final SecretStoreSettings.Vault settings;
  private final URI address;
  private final VaultLogin login;
  private final SecretHttp http;

  VaultToken(SecretStoreSettings.Vault settings, URI address, VaultLogin login, SecretHttp http) {
    this.settings = settings;
    this.address = address;
    this.login = login;
    this.http = http;
  }

  static Map<String, String> headers(SecretStoreSettings.Vault settings) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-Vault-Request", "true");
    if (settings.namespace() != null) {
      headers.put("X-Vault-Namespace", settings.namespace());
    }
    return headers;
  }

  @Override
  public Token get(@Nullable Token ending) throws SecretFailure {
    if (ending != null) {
      Answer renewed = renewed(ending);
      if (renewed.isOk()) {
        return token(renewed);
      }
    }
    return switch (login) {
      case VaultLogin.Token fixed -> Token.unending(fixed.token().reveal());
      case VaultLogin.TokenFile written -> Token.unending(read(written.file()));
      case VaultLogin.AppRole role ->
          login(
              role.mount(),
              Map.of("role_id", role.roleId(), "secret_id", role.secretId().reveal()));
      case VaultLogin.Kubernetes pod ->
          login(pod.mount(), Map.of("role", pod.role(), "jwt", read(pod.tokenFile())));
    };
  }

  private Answer renewed(Token ending) throws SecretFailure {
    Map<String, String> headers = headers(settings);
    headers.put("X-Vault-Token", ending.value());
    return http.postJson(
        VAULT, SecretHttp.at(address, "/v1/auth/token/renew-self"), headers, Map.of());
  }

  private Token login(String mount, Map<String, String> fields) throws SecretFailure {
    String encoded =
        Arrays.stream(mount.split("/")).map(SecretHttp::encoded).collect(Collectors.joining("/"));
    return token(
        http.postJson(
            VAULT,
            SecretHttp.at(address, "/v1/auth/" + encoded + "/login"),
            headers(settings),
            fields));
  }

  private static Token token(Answer answer) throws SecretFailure {
    JsonNode auth = answer.body().path("auth");
    String value = auth.path("client_token").asText();
    if (!answer.isOk() || value.isEmpty()) {
      throw new SecretFailure(
          "the server cannot log in at Vault: status "
              + answer.status()
              + answer.reason("/errors/0"));
    }
    long seconds = auth.path("lease_duration").asLong();
    return seconds > 0 ? Token.lasting(value, seconds) : Token.unending(value);
  }

  private static String read(Path file) throws SecretFailure {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new SecretFailure("the token file " + file + " cannot be read");
    }
  }
}
