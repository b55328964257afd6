package dev.polder.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polder.server.client.ConnectionFailure;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.QueryResult;
import dev.polder.server.client.ServerFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Looks up in SHOW JOBS how far the newest running job of a kind is, over a connection of its own.
 * Who may not look there is told nothing. Used by one thread.
 *
 * @param kind such as {@code backup}
 */
record JobProgress(Supplier<PolderClient> connect, String kind)
    implements Supplier<Optional<String>> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DONE = "_done";
  private static final int KIND = 1;
  private static final int STATE = 2;
  private static final int PROGRESS = 4;

  @Override
  public Optional<String> get() {
    try (PolderClient client = connect.get()) {
      return of(client.execute("SHOW JOBS"));
    } catch (ServerFailure | ConnectionFailure unknown) {
      return Optional.empty();
    }
  }

  Optional<String> of(QueryResult jobs) {
    return jobs.rows().reversed().stream()
        .filter(
            job -> job.get(KIND).asText().equals(kind) && job.get(STATE).asText().equals("running"))
        .findFirst()
        .map(job -> kind + ": " + words(job.get(PROGRESS).asText("{}")));
  }

  private static String words(String progress) {
    try {
      JsonNode fields = JSON.readTree(progress);
      List<String> words = new ArrayList<>();
      for (Map.Entry<String, JsonNode> field : fields.properties()) {
        JsonNode done = fields.get(field.getKey() + DONE);
        if (done != null) {
          words.add(
              String.format(
                  Locale.ROOT,
                  "%,d of %,d %s",
                  done.asLong(),
                  field.getValue().asLong(),
                  field.getKey()));
        }
      }
      return words.isEmpty() ? "under way" : String.join(", ", words);
    } catch (JsonProcessingException e) {
      return "under way";
    }
  }
}
