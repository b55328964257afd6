package dev.polder.store.azure;

import dev.polder.lake.delegation.StorageDelegation;
import dev.polder.lake.io.ObjectStore;
import dev.polder.lake.io.ObjectStoreProvider;
import dev.polder.lake.io.StoreSettings;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Azure Data Lake Storage, through Azure's own SDK. Stateless. */
public final class AzureStore implements ObjectStoreProvider {
  @Override
  public Set<String> schemes() {
    return Set.of("abfss");
  }

  @Override
  public ObjectStore open(String location, StoreSettings settings) {
    AzureAccount account = new AzureAccount(AzurePlace.of(location), settings.azure());
    Map<String, String> client = new HashMap<>();
    settings
        .azure()
        .endpoint()
        .ifPresent(endpoint -> client.put("adls.connection-string." + account.host(), endpoint));
    return new ObjectStore(
        "AZURE",
        new AzureFileIO(account),
        new StorageDelegation(
            client,
            Optional.of(
                new AzureCredentialVendor(
                    account, settings.azure().duration(), client, Clock.systemUTC())),
            Optional.empty()));
  }
}
