package dev.polder.server;

import dev.polder.federation.Connectors;
import dev.polder.federation.secret.SecretStoreSettings;
import dev.polder.federation.secret.SourceSecrets;
import java.util.List;

/**
 * What the server reaches sources with. Thread-safe; closing it ends what it has open in stores of
 * secrets.
 */
record ServerSources(Connectors connectors, SourceSecrets secrets) implements AutoCloseable {
  static ServerSources open() {
    return new ServerSources(
        new Connectors(List.of()), SourceSecrets.of(SecretStoreSettings.DEFAULT, System::getenv));
  }

  @Override
  public void close() {
    secrets.close();
  }
}
