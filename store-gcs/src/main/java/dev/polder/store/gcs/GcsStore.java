package dev.polder.store.gcs;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import dev.polder.lake.delegation.StorageDelegation;
import dev.polder.lake.io.GcsSettings;
import dev.polder.lake.io.ObjectStore;
import dev.polder.lake.io.ObjectStoreProvider;
import dev.polder.lake.io.StoreSettings;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Google Cloud Storage, through Google's own SDK. Stateless. */
public final class GcsStore implements ObjectStoreProvider {
  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

  @Override
  public Set<String> schemes() {
    return Set.of("gs");
  }

  @Override
  public ObjectStore open(String location, StoreSettings settings) {
    GcsSettings gcs = settings.gcs();
    GoogleCredentials credentials = credentials(gcs).createScoped(SCOPE);
    StorageOptions.Builder options = StorageOptions.newBuilder().setCredentials(credentials);
    gcs.endpoint().ifPresent(options::setHost);
    gcs.project().ifPresent(options::setProjectId);
    Storage storage = options.build().getService();
    Map<String, String> client = new HashMap<>();
    gcs.endpoint().ifPresent(endpoint -> client.put("gcs.service.host", endpoint));
    gcs.project().ifPresent(project -> client.put("gcs.project-id", project));
    return new ObjectStore(
        "GCS",
        new GcsFileIO(() -> storage),
        new StorageDelegation(
            client,
            Optional.of(
                new GcsCredentialVendor(
                    credentials, gcs.tokenEndpoint(), client, Clock.systemUTC())),
            Optional.empty()));
  }

  private static GoogleCredentials credentials(GcsSettings settings) {
    Optional<Path> file = settings.credentials();
    try {
      if (file.isEmpty()) {
        return GoogleCredentials.getApplicationDefault();
      }
      try (InputStream in = Files.newInputStream(file.get())) {
        return GoogleCredentials.fromStream(in);
      }
    } catch (IOException e) {
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION,
          file.map(path -> "warehouse.gcs.credentials: " + path + " is no file with credentials")
              .orElse(
                  "the environment has no Google credentials: set warehouse.gcs.credentials or"
                      + " GOOGLE_APPLICATION_CREDENTIALS"),
          e);
    }
  }
}
