package dev.polder.lake.io;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How Google Cloud Storage is reached. Immutable.
 *
 * @param endpoint empty: Google's own
 * @param project empty: the credentials' own
 * @param credentials a file with a service account's key or another of Google's credentials; empty:
 *     the SDK's default chain (environment, gcloud, metadata server)
 * @param tokenEndpoint the security token service; empty: Google's own
 */
public record GcsSettings(
    Optional<String> endpoint,
    Optional<String> project,
    Optional<Path> credentials,
    Optional<String> tokenEndpoint) {}
