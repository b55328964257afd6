package dev.polder.server;

import dev.polder.federation.secret.SecretStoreMode;
import dev.polder.federation.secret.SecretStoreSettings;
import dev.polder.federation.secret.SecretStoreSettings.Aws;
import dev.polder.federation.secret.SecretStoreSettings.Azure;
import dev.polder.federation.secret.SecretStoreSettings.Google;
import dev.polder.federation.secret.SecretStoreSettings.Vault;
import dev.polder.federation.secret.SecretStoreSettings.VaultLogin;
import dev.polder.server.config.AwsSecretSettings;
import dev.polder.server.config.AzureSecretSettings;
import dev.polder.server.config.FederationSettings;
import dev.polder.server.config.VaultSettings;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the configuration says of secret stores, as these are set up with it. */
final class SecretStores {
  private SecretStores() {}

  static SecretStoreSettings settings(FederationSettings federation) {
    List<String> prefixes =
        Arrays.stream(federation.secretEnvPrefixes().split(",", -1))
            .map(String::strip)
            .filter(prefix -> !prefix.isEmpty())
            .toList();
    AwsSecretSettings aws = federation.awsSm();
    AzureSecretSettings azure = federation.azureKv();
    VaultSettings vault = federation.vault();
    return new SecretStoreSettings(
        SecretStoreMode.of(federation.secretStore()),
        prefixes,
        federation.secretTtl(),
        federation.secretTimeout(),
        new Aws(aws.region(), uri(aws.endpoint()), aws.accessKey(), aws.secretKey()),
        new Google(
            federation.gcpSm().credentialsFile(),
            URI.create(federation.gcpSm().endpoint()),
            Google.DEFAULT.metadataServer()),
        new Azure(
            uri(azure.vaultUrl()),
            azure.tenantId(),
            azure.clientId(),
            azure.clientSecret(),
            azure.federatedTokenFile(),
            URI.create(azure.authority()),
            Azure.DEFAULT.metadataServer()),
        new Vault(uri(vault.address()), vault.namespace(), vault.caCertificate(), login(vault)));
  }

  private static @Nullable URI uri(@Nullable String text) {
    return text == null ? null : URI.create(text);
  }

  private static @Nullable VaultLogin login(VaultSettings vault) {
    if (vault.token() != null) {
      return new VaultLogin.Token(vault.token());
    }
    if (vault.tokenFile() != null) {
      return new VaultLogin.TokenFile(vault.tokenFile());
    }
    if (vault.roleId() != null && vault.secretId() != null) {
      return new VaultLogin.AppRole(vault.approleMount(), vault.roleId(), vault.secretId());
    }
    return vault.kubernetesRole() == null
        ? null
        : new VaultLogin.Kubernetes(
            vault.kubernetesMount(), vault.kubernetesRole(), vault.kubernetesTokenFile());
  }
}
