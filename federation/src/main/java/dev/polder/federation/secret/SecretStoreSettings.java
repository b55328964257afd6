package dev.polder.federation.secret;

import dev.polder.model.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the server's configuration says of secret stores. Where they are is told here alone, never
 * by a reference. Immutable.
 *
 * @param envPrefixes what names of environment variables must begin with to be read
 * @param keep how long a fetched value is used before it is asked for again
 * @param timeout how long to wait for a value, logins included
 */
public record SecretStoreSettings(
    SecretStoreMode mode,
    List<String> envPrefixes,
    Duration keep,
    Duration timeout,
    Aws aws,
    Google google,
    Azure azure,
    Vault vault) {
  /** The prefixes of variables that may be read where nothing else is configured. */
  public static final List<String> DEFAULT_ENV_PREFIXES =
      List.of("POLDER_SECRET_", "SL_QOD_SECRET_");

  /** Nothing but what each system's own environment tells. */
  public static final SecretStoreSettings DEFAULT =
      new SecretStoreSettings(
          SecretStoreMode.DISPATCH,
          DEFAULT_ENV_PREFIXES,
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          new Aws(null, null, null, null),
          Google.DEFAULT,
          Azure.DEFAULT,
          Vault.NONE);

  public SecretStoreSettings {
    envPrefixes = List.copyOf(envPrefixes);
  }

  /**
   * AWS Secrets Manager.
   *
   * @param region null: as the SDK finds it; an ARN's own region goes before it
   * @param endpoint null: Amazon's own
   * @param accessKey null: the SDK's default chain of credentials
   */
  public record Aws(
      @Nullable String region,
      @Nullable URI endpoint,
      @Nullable String accessKey,
      @Nullable Secret secretKey) {}

  /**
   * Google Secret Manager.
   *
   * @param credentialsFile a service account's key or a user's refresh token; null: the file that
   *     GOOGLE_APPLICATION_CREDENTIALS names, else the metadata server
   */
  public record Google(@Nullable Path credentialsFile, URI endpoint, URI metadataServer) {
    public static final Google DEFAULT =
        new Google(
            null,
            URI.create("https://secretmanager.googleapis.com"),
            URI.create("http://metadata.google.internal"));
  }

  /**
   * Azure Key Vault. With a client secret the client's own credentials are used, with a token file
   * workload identity, else the managed identity of the machine.
   *
   * @param vaultUrl such as {@code https://name.vault.azure.net}; null: not configured
   */
  public record Azure(
      @Nullable URI vaultUrl,
      @Nullable String tenantId,
      @Nullable String clientId,
      @Nullable Secret clientSecret,
      @Nullable Path federatedTokenFile,
      URI authority,
      URI metadataServer) {
    public static final Azure DEFAULT =
        new Azure(
            null,
            null,
            null,
            null,
            null,
            URI.create("https://login.microsoftonline.com"),
            URI.create("http://169.254.169.254"));
  }

  /**
   * HashiCorp Vault, or what speaks as it does.
   *
   * @param address null: not configured
   * @param caCertificate PEM file of the authorities to trust; null: those of the machine
   * @param login null: not configured
   */
  public record Vault(
      @Nullable URI address,
      @Nullable String namespace,
      @Nullable Path caCertificate,
      @Nullable VaultLogin login) {
    public static final Vault NONE = new Vault(null, null, null, null);
  }

  /** How the server gets a token of Vault. */
  public sealed interface VaultLogin {
    /** A token that somebody else made. */
    record Token(Secret token) implements VaultLogin {}

    /** A token that an agent beside the server writes, and replaces. */
    record TokenFile(Path file) implements VaultLogin {}

    record AppRole(String mount, String roleId, Secret secretId) implements VaultLogin {}

    /**
     * The server's own service account in Kubernetes.
     *
     * @param tokenFile read at each login, since Kubernetes replaces it
     */
    record Kubernetes(String mount, String role, Path tokenFile) implements VaultLogin {}
  }
}
