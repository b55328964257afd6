package dev.polder.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.server.LiveServer;
import dev.polder.server.LiveServer.Answer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Backups through the administration API. */
final class BackupApiTest {
  @Test
  void aDatabaseIsBackedUpListedTriedAndRestored() {
    try (LiveServer server = new LiveServer(Map.of())) {
      server.admin("CREATE DATABASE prod");
      Answer backup =
          server.post("/api/database/backup", "{\"name\": \"prod\", \"to\": \"nightly\"}");
      assertThat(backup.status()).as(backup.json().toString()).isEqualTo(200);
      assertThat(backup.json().path("tables").asLong(-1)).isZero();
      Answer again =
          server.post("/api/database/backup", "{\"name\": \"prod\", \"to\": \"nightly\"}");
      assertThat(again.status()).isEqualTo(409);
      assertThat(again.errorCode()).isEqualTo("BACKUP_EXISTS");
      assertThat(server.get("/api/backup/list").json().path("backups"))
          .singleElement()
          .satisfies(it -> assertThat(it.path("database").asText()).isEqualTo("prod"));
      String restore = "{\"name\": \"copy\", \"from\": \"nightly\", \"dryRun\": true}";
      Answer tried = server.post("/api/database/restore", restore);
      assertThat(tried.json().path("backup_of").asText()).isEqualTo("prod");
      Answer made = server.post("/api/database/restore", restore.replace("true", "false"));
      assertThat(made.status()).as(made.json().toString()).isEqualTo(200);
      assertThat(server.get("/api/database/list").json().toString()).contains("copy");
      Answer outside =
          server.post("/api/database/backup", "{\"name\": \"prod\", \"to\": \"file:///etc/x\"}");
      assertThat(outside.errorCode()).isEqualTo("INVALID_PARAMETER");
    }
  }
}
