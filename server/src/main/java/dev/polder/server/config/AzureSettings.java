package dev.polder.server.config;

import dev.polder.model.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How Azure Data Lake Storage is reached. Immutable. */
public record AzureSettings(
    @Key(
            "Key of the storage account; unset, the environment's identity is used (service"
                + " principal, workload or managed identity, az login), which also has to be a"
                + " Storage Blob Delegator for other engines to get temporary credentials.")
        @Nullable Secret accountKey,
    @Key("Address of a store that speaks as Azure's does; leave unset for the account's own.")
        @Nullable String endpoint,
    @Key(value = "How long temporary credentials last.", byDefault = "1h", min = "15m", max = "12h")
        Duration sasDuration) {}
