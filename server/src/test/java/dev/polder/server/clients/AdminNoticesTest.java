package dev.polder.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.server.LiveServer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Administrative calls tell what their statements tell. */
final class AdminNoticesTest {
  @Test
  void aCallThatChangesNothingSaysSoAsTheStatementDoes() {
    try (LiveServer server = new LiveServer(Map.of())) {
      String create = "{\"name\": \"prod\", \"ifNotExists\": true}";
      JsonNode made = server.post("/api/database/create", create).json();
      assertThat(made.path("name").asText()).isEqualTo("prod");
      assertThat(made.has("notices")).isFalse();
      JsonNode again = server.post("/api/database/create", create).json();
      JsonNode said = server.sql("CREATE DATABASE IF NOT EXISTS prod").json().path("notices");
      assertThat(said.path(0).path("code").asText()).isEqualTo("DATABASE_EXISTS");
      assertThat(again.path("notices")).isEqualTo(said);
      assertThat(again.path("name").asText()).isEqualTo("prod");
      String drop = "{\"name\": \"nowhere\", \"ifExists\": true}";
      assertThat(server.post("/api/database/delete", drop).json().at("/notices/0/code").asText())
          .isEqualTo("DATABASE_NOT_FOUND");
    }
  }
}
