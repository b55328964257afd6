package dev.polder.server.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How Google Secret Manager is reached. Immutable. */
public record GoogleSecretSettings(
    @Key(
            "File of a service account's key or a user's refresh token; unset, the one that"
                + " GOOGLE_APPLICATION_CREDENTIALS names, else the machine's own account.")
        @Nullable Path credentialsFile,
    @Key(
            value = "Address of Google Secret Manager.",
            byDefault = "https://secretmanager.googleapis.com")
        String endpoint) {}
