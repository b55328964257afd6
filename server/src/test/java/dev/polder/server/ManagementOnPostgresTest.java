package dev.polder.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The same over a PostgreSQL metastore. */
final class ManagementOnPostgresTest extends ManagementApiTest {
  private EmbeddedPostgres postgres;

  @Override
  RunningServer server(Path directory) throws IOException {
    postgres = EmbeddedPostgres.start();
    return LocalServers.sharing(postgres, directory, "data", Map.of());
  }

  @Override
  void stopped() throws IOException {
    postgres.close();
  }
}
