package dev.polder.lake.io;

import dev.polder.model.Secret;
import java.time.Duration;
import java.util.Optional;

/**
 * How Azure Data Lake Storage is reached. Immutable.
 *
 * @param endpoint empty: the account's own
 * @param accountKey empty: the SDK's default chain (environment, workload or managed identity)
 * @param duration how long credentials for other engines last
 */
public record AzureSettings(
    Optional<String> endpoint, Optional<Secret> accountKey, Duration duration) {}
