package dev.polder.server;

import dev.polder.federation.Connectors;
import dev.polder.federation.secret.SourceSecrets;
import dev.polder.server.config.FederationSettings;
import java.util.List;

/**
 * What the server reaches sources with. Thread-safe; closing it ends what it has open in stores of
 * secrets.
 */
record ServerSources(Connectors connectors, SourceSecrets secrets) implements AutoCloseable {
  static ServerSources open(FederationSettings federation) {
    return new ServerSources(
        new Connectors(List.of()),
        SourceSecrets.of(SecretStores.settings(federation), System::getenv));
  }

  @Override
  public void close() {
    secrets.close();
  }
}
