package dev.polder.server.config;

import dev.polder.model.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How HashiCorp Vault is reached: by a token, a role's id and secret id, or a pod's account. */
public record VaultSettings(
    @Key("Address of Vault, such as https://vault.example:8200; unset: none.")
        @Nullable String address,
    @Key("Namespace that all paths are in.") @Nullable String namespace,
    @Key(
            "PEM file of the authorities that Vault's certificate is checked with; unset: the"
                + " machine's.")
        @Nullable Path caCertificate,
    @Key("A token.") @Nullable Secret token,
    @Key("File that an agent writes a token to; read again when the token is refused.")
        @Nullable Path tokenFile,
    @Key("Role id of an AppRole.") @Nullable String roleId,
    @Key("Secret id of the AppRole.") @Nullable Secret secretId,
    @Key(value = "Where the AppRole method is mounted.", byDefault = "approle") String approleMount,
    @Key("Role that the server's service account in Kubernetes has.")
        @Nullable String kubernetesRole,
    @Key(value = "Where the Kubernetes method is mounted.", byDefault = "kubernetes")
        String kubernetesMount,
    @Key(
            value = "File of the service account's token.",
            byDefault = "/var/run/secrets/kubernetes.io/serviceaccount/token")
        Path kubernetesTokenFile) {}
