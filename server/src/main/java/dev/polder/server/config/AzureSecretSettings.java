package dev.polder.server.config;

import dev.polder.model.Secret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How Azure Key Vault is reached. Immutable. */
public record AzureSecretSettings(
    @Key("Address of the key vault, such as https://name.vault.azure.net; unset: none.")
        @Nullable String vaultUrl,
    @Key("Directory (tenant) of the client that the server logs in as.") @Nullable String tenantId,
    @Key("Client that the server logs in as; with a managed identity, which one of several.")
        @Nullable String clientId,
    @Key(
            "Secret of the client; unset, the token of federated-token-file is shown, or the"
                + " machine's managed identity is used.")
        @Nullable Secret clientSecret,
    @Key("File of a token that the client trusts (workload identity).")
        @Nullable Path federatedTokenFile,
    @Key(value = "Where clients log in.", byDefault = "https://login.microsoftonline.com")
        String authority) {}
