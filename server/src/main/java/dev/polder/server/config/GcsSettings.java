package dev.polder.server.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How Google Cloud Storage is reached. Immutable. */
public record GcsSettings(
    @Key(
            "File with a service account's key or other Google credentials; unset, those of the"
                + " environment: GOOGLE_APPLICATION_CREDENTIALS, gcloud or the machine's own.")
        @Nullable Path credentials,
    @Key("Project that requests are counted for; unset, that of the credentials.")
        @Nullable String project,
    @Key("Address of a store that speaks as Google's does; leave unset for Google's own.")
        @Nullable String endpoint,
    @Key(
            "Address of the security token service that narrows the server's own token to one"
                + " table's files for other engines; leave unset for Google's own.")
        @Nullable String tokenEndpoint) {}
