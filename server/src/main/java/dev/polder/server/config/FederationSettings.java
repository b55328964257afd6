package dev.polder.server.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where sources find their secrets. Immutable. */
public record FederationSettings(
    @Key(
            value =
                "Where the secrets of sources may be: `dispatch` (stored values, and references by"
                    + " their prefix), or one alone: `postgres` (stored values), `env`, `aws-sm`,"
                    + " `gcp-sm`, `azure-kv`, `vault`. QOD_FEDERATION_SECRET_STORE is read too.",
            byDefault = "dispatch")
        String secretStore,
    @Key(
            value =
                "What names of environment variables must begin with for `env:` references to read"
                    + " them; separated by commas.",
            byDefault = "POLDER_SECRET_,SL_QOD_SECRET_")
        String secretEnvPrefixes,
    @Key(
            value = "How long a value that a secret store gave is used before it is asked again.",
            byDefault = "60s",
            max = "1d")
        Duration secretTtl,
    @Key(
            value = "How long to wait for a secret store, logins included.",
            byDefault = "10s",
            min = "100ms",
            max = "5m")
        Duration secretTimeout,
    @Key(
            "Directories whose files sources may reach, separated by commas. None: sources reach no"
                + " files of this machine.")
        @Nullable String pathRoots,
    AwsSecretSettings awsSm,
    GoogleSecretSettings gcpSm,
    AzureSecretSettings azureKv,
    VaultSettings vault) {}
