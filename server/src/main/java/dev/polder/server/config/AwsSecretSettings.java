package dev.polder.server.config;

import dev.polder.model.Secret;
import org.jspecify.annotations.Nullable;

/** How AWS Secrets Manager is reached. Immutable. */
public record AwsSecretSettings(
    @Key("Region of secrets that are named without an ARN; unset, as the environment has it.")
        @Nullable String region,
    @Key("Address of AWS Secrets Manager; leave unset for Amazon's own.") @Nullable String endpoint,
    @Key("Access key; leave both keys unset to use the environment's own AWS credentials.")
        @Nullable String accessKey,
    @Key("Secret key that belongs to the access key.") @Nullable Secret secretKey) {}
