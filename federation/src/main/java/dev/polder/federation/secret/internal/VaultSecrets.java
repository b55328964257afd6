package dev.polder.federation.secret.internal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.federation.secret.SecretStoreSettings;
import dev.polder.federation.secret.internal.SecretHttp.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Vault's key-value engines: {@code secret/data/<path>#<field>} with versions, {@code
 * kv/<path>#<field>} without. What is Vault's own, such as the server's token, cannot be read.
 * Thread-safe.
 */
public final class VaultSecrets implements SecretFetch {
  private static final String STORE = "Vault";
  private static final Pattern PATH = Pattern.compile("[^/\\p{Cntrl}]+(/[^/\\p{Cntrl}]+)+");
  private static final Set<String> OWN = Set.of("sys", "auth", "identity", "cubbyhole");

  private final SecretStoreSettings.Vault settings;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Connection connection;

  private record Connection(SecretHttp http, URI address, BearerToken token) {}

  public VaultSecrets(SecretStoreSettings.Vault settings, Duration timeout) {
    this.settings = settings;
    this.timeout = timeout;
  }

  @Override
  public String store() {
    return STORE;
  }

  @Override
  public boolean hasFields() {
    return true;
  }

  @Override
  public void check(String path) throws SecretFailure {
    String[] parts = path.split("/", -1);
    boolean relative = Arrays.asList(parts).contains("..") || Arrays.asList(parts).contains(".");
    if (!PATH.matcher(path).matches() || relative || OWN.contains(parts[0])) {
      throw new SecretFailure(
          "'" + path + "' is no path of a key-value engine of Vault, such as secret/data/app");
    }
  }

  @Override
  public String fetch(String path) throws SecretFailure {
    Connection vault = connection();
    String token = vault.token().value();
    Answer answer = ask(vault, path, token);
    if (answer.status() == 403) {
      vault.token().refused(token);
      answer = ask(vault, path, vault.token().value());
    }
    return switch (answer.status()) {
      case 200 -> fields(path, answer.body().path("data"));
      case 404 ->
          throw new SecretFailure(
              answer.body().path("warnings").isEmpty()
                  ? STORE + " has no secret '" + path + "'"
                  : STORE
                      + " has no secret '"
                      + path
                      + "'; an engine with versions wants data/ after its mount");
      case 403 ->
          throw new SecretFailure(
              STORE + " does not let the server read '" + path + "'" + answer.reason("/errors/0"));
      default ->
          throw new SecretFailure(
              STORE
                  + " answered "
                  + answer.status()
                  + answer.reason("/errors/0")
                  + " for '"
                  + path
                  + "'");
    };
  }

  private Answer ask(Connection vault, String path, String token) throws SecretFailure {
    Map<String, String> headers = new LinkedHashMap<>(VaultToken.headers(settings));
    headers.put("X-Vault-Token", token);
    String encoded =
        Arrays.stream(path.split("/")).map(SecretHttp::encoded).collect(Collectors.joining("/"));
    return vault.http().get(STORE, SecretHttp.at(vault.address(), "/v1/" + encoded), headers);
  }

  private static String fields(String path, JsonNode data) throws SecretFailure {
    boolean versioned = data.path("data").isObject() && data.path("metadata").isObject();
    JsonNode fields = versioned ? data.path("data") : data;
    if (!fields.isObject()) {
      throw new SecretFailure(STORE + " gave no fields for '" + path + "'");
    }
    return fields.toString();
  }

  private Connection connection() throws SecretFailure {
    lock.lock();
    try {
      if (connection == null) {
        URI address = settings.address();
        SecretStoreSettings.VaultLogin login = settings.login();
        if (address == null) {
          throw new SecretFailure(STORE + " is not configured: set federation.vault.address");
        }
        if (login == null) {
          throw new SecretFailure(
              "the server cannot log in at Vault: set federation.vault.token, token-file, role-id"
                  + " and secret-id, or kubernetes-role");
        }
        SecretHttp http =
            settings.caCertificate() == null
                ? SecretHttp.trustingTheMachine(timeout)
                : SecretHttp.trusting(settings.caCertificate(), timeout);
        connection =
            new Connection(
                http, address, new BearerToken(new VaultToken(settings, address, login, http)));
      }
      return connection;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (connection != null) {
        connection.http().close();
      }
    } finally {
      lock.unlock();
    }
  }
}
