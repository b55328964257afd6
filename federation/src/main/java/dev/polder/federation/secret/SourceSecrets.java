package dev.polder.federation.secret;

import dev.polder.federation.secret.internal.AwsSecrets;
import dev.polder.federation.secret.internal.AzureSecrets;
import dev.polder.federation.secret.internal.EnvironmentSecrets;
import dev.polder.federation.secret.internal.GoogleSecrets;
import dev.polder.federation.secret.internal.RemoteSecrets;
import dev.polder.federation.secret.internal.VaultSecrets;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Turns the secrets of sources into values, with the secret stores that the server's configuration
 * names. References reach no other place than those. Thread-safe.
 */
public final class SourceSecrets implements AutoCloseable {
  private final SecretStoreMode mode;
  private final Map<SecretStoreMode, SecretResolver> resolvers;

  private SourceSecrets(SecretStoreMode mode, Map<SecretStoreMode, SecretResolver> resolvers) {
    this.mode = mode;
    this.resolvers = resolvers;
  }

  /**
   * Connects to nothing yet.
   *
   * @param environment the value of an environment variable, or null
   */
  public static SourceSecrets of(
      SecretStoreSettings settings, UnaryOperator<@Nullable String> environment) {
    Map<SecretStoreMode, SecretResolver> resolvers = new EnumMap<>(SecretStoreMode.class);
    resolvers.put(SecretStoreMode.ENV, new EnvironmentSecrets(settings.envPrefixes(), environment));
    resolvers.put(
        SecretStoreMode.AWS_SM,
        new RemoteSecrets(new AwsSecrets(settings.aws(), settings.timeout()), settings));
    resolvers.put(
        SecretStoreMode.GCP_SM,
        new RemoteSecrets(
            new GoogleSecrets(settings.google(), settings.timeout(), environment), settings));
    resolvers.put(
        SecretStoreMode.AZURE_KV,
        new RemoteSecrets(new AzureSecrets(settings.azure(), settings.timeout()), settings));
    resolvers.put(
        SecretStoreMode.VAULT,
        new RemoteSecrets(new VaultSecrets(settings.vault(), settings.timeout()), settings));
    return new SourceSecrets(settings.mode(), resolvers);
  }

  /**
   * The values of the secrets that a source uses.
   *
   * @param names those that it uses, in order
   * @param declared all that it has
   * @throws PolderException SECRET_UNRESOLVED for the first that has no value
   */
  public Map<String, Secret> resolve(
      String alias, SequencedSet<String> names, Collection<SourceSecret> declared) {
    Map<String, SourceSecret> byName = new LinkedHashMap<>();
    declared.forEach(secret -> byName.put(secret.name(), secret));
    Map<String, Secret> values = new LinkedHashMap<>();
    for (String name : names) {
      SourceSecret secret = byName.get(name);
      if (secret == null) {
        throw unresolved("unresolved secret '" + name + "' in source '" + alias + "'");
      }
      values.put(name, value(alias, secret));
    }
    return values;
  }

  private Secret value(String alias, SourceSecret secret) {
    if (secret.value() != null) {
      if (mode != SecretStoreMode.DISPATCH && mode != SecretStoreMode.POSTGRES) {
        throw unresolved(
            "secret '"
                + secret.name()
                + "' has a stored value, but the secret store is '"
                + mode
                + "' alone; give it an externalRef that begins with "
                + mode
                + ":, or set the secret store to dispatch");
      }
      return secret.value();
    }
    if (secret.externalRef() == null) {
      throw unresolved("unresolved secret '" + secret.name() + "' in source '" + alias + "'");
    }
    return resolver(secret.name(), secret.externalRef())
        .resolve(secret.name(), path(secret.externalRef()));
  }

  /**
   * Refuses a reference that the server could not resolve whatever it points at: of no known kind,
   * of one that is not configured to be used, or malformed. Asks nobody.
   */
  public void check(String name, String externalRef) {
    resolver(name, externalRef).check(name, path(externalRef));
  }

  /** Has these secrets' values asked for anew the next time, since one of them was refused. */
  public void invalidate(Collection<SourceSecret> secrets) {
    for (SourceSecret secret : secrets) {
      if (secret.value() == null && secret.externalRef() != null) {
        resolver(secret.name(), secret.externalRef()).invalidate(path(secret.externalRef()));
      }
    }
  }

  private SecretResolver resolver(String name, String externalRef) {
    SecretStoreMode kind = kind(name, externalRef);
    if (mode != SecretStoreMode.DISPATCH && mode != kind) {
      throw unresolved(
          "secret '"
              + name
              + "' has an externalRef with "
              + kind
              + ":, but the secret store is '"
              + mode
              + "' alone; "
              + (mode == SecretStoreMode.POSTGRES ? "give it a value" : "use " + mode + ":")
              + ", or set the secret store to dispatch");
    }
    SecretResolver resolver = resolvers.get(kind);
    if (resolver == null) {
      throw new IllegalStateException("no resolver for " + kind);
    }
    return resolver;
  }

  private static SecretStoreMode kind(String name, String externalRef) {
    int colon = externalRef.indexOf(':');
    String prefix = colon < 0 ? externalRef : externalRef.substring(0, colon);
    return switch (prefix) {
      case "env" -> SecretStoreMode.ENV;
      case "aws-sm" -> SecretStoreMode.AWS_SM;
      case "gcp-sm" -> SecretStoreMode.GCP_SM;
      case "azure-kv" -> SecretStoreMode.AZURE_KV;
      case "vault" -> SecretStoreMode.VAULT;
      default ->
          throw unresolved(
              "secret '"
                  + name
                  + "': unknown externalRef prefix '"
                  + prefix
                  + ":' (expected env:, aws-sm:, gcp-sm:, azure-kv:, or vault:)");
    };
  }

  private static String path(String externalRef) {
    return externalRef.substring(externalRef.indexOf(':') + 1);
  }

  private static PolderException unresolved(String message) {
    return new PolderException(ErrorCode.SECRET_UNRESOLVED, message);
  }

  @Override
  public void close() {
    resolvers.values().forEach(SecretResolver::close);
  }
}
