package dev.polder.server.config;

import dev.polder.model.Secret;
import org.jspecify.annotations.Nullable;

/** How an S3-compatible object store is reached. Immutable. */
public record S3Settings(
    @Key("Address of an S3-compatible store; leave unset for Amazon's own.")
        @Nullable String endpoint,
    @Key(value = "Region that requests are signed for.", byDefault = "us-east-1") String region,
    @Key("Access key; leave both keys unset to use the environment's own AWS credentials.")
        @Nullable String accessKey,
    @Key("Secret key that belongs to the access key.") @Nullable Secret secretKey,
    @Key(
            value = "Puts the bucket in the path instead of the host name, as many stores need it.",
            byDefault = "false")
        boolean pathStyle,
    StsSettings sts) {}
