package dev.polder.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Scan;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/** One principal's plans of scans over plain HTTP, and what Iceberg's client makes of plans. */
record ScanPlans(RunningServer server, String token, String warehouse) {
  private static final ObjectMapper JSON = new ObjectMapper();

  record Reply(int status, JsonNode body) {
    List<String> tasks() {
      List<String> tasks = new ArrayList<>();
      body.path("plan-tasks").forEach(task -> tasks.add(task.asText()));
      return tasks;
    }

    List<String> files() {
      List<String> files = new ArrayList<>();
      body.path("file-scan-tasks")
          .forEach(task -> files.add(task.at("/data-file/file-path").asText()));
      return files;
    }

    String type() {
      return body.at("/error/type").asText();
    }

    String message() {
      return body.at("/error/message").asText();
    }

    String planId() {
      return body.path("plan-id").asText();
    }
  }

  Reply plan(String table, String request) {
    return send("POST", table + "/plan", request);
  }

  Reply tasks(String table, String planTask) {
    return send("POST", table + "/tasks", "{\"plan-task\":\"" + planTask + "\"}");
  }

  /** All files of a plan, in the order in which they came, asked for task by task. */
  List<String> allFiles(String table, Reply plan) {
    List<String> files = new ArrayList<>(plan.files());
    Deque<String> tasks = new ArrayDeque<>(plan.tasks());
    while (!tasks.isEmpty()) {
      Reply reply = tasks(table, tasks.remove());
      if (reply.status() != 200) {
        throw new AssertionError(reply.body());
      }
      files.addAll(reply.files());
      tasks.addAll(reply.tasks());
    }
    return files;
  }

  /**
   * @param path below the tables of the schema {@code main}
   */
  Reply send(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    server.endpoints().http()
                        + "/api/catalog/v1/"
                        + warehouse
                        + "/namespaces/main/tables/"
                        + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> reply = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Reply(reply.statusCode(), JSON.readTree(reply.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** What a scan reads: each file with the deletes that hide some of its rows. */
  static Set<String> planned(Scan<?, FileScanTask, ?> scan) {
    Set<String> files = new TreeSet<>();
    try (CloseableIterable<FileScanTask> tasks = scan.planFiles()) {
      for (FileScanTask task : tasks) {
        Set<String> deletes = new TreeSet<>();
        task.deletes().forEach(file -> deletes.add(file.location() + "@" + file.contentOffset()));
        if (!files.add(task.file().location() + " without " + deletes)) {
          throw new AssertionError("twice: " + task.file().location());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** Commits entries for so many new files, which hold no rows that anybody could read. */
  static void appendEmptyFiles(Table table, int count) {
    AppendFiles append = table.newFastAppend();
    try {
      Path directory = Files.createDirectories(Path.of(table.location(), "data"));
      for (int i = 0; i < count; i++) {
        Path file = directory.resolve(UUID.randomUUID() + ".parquet");
        Files.writeString(file, "x");
        append.appendFile(IcebergCatalogs.entry(file.toString(), 1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    append.commit();
  }
}
