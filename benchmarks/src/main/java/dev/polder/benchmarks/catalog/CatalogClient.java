package dev.polder.benchmarks.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.UUID;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.jspecify.annotations.Nullable;

/** The calls that are measured, over one connection to one catalog. Used by one thread. */
final class CatalogClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int COLUMNS = 20;

  private final Wire wire;
  private final String prefix;
  private final String config;

  CatalogClient(CatalogTarget target) throws IOException {
    this.wire = new Wire(target);
    this.config = target.config();
    JsonNode settings = JSON.readTree(wire.send(request("GET", config, null)).require().text());
    String found =
        settings
            .path("overrides")
            .path("prefix")
            .asText(settings.path("defaults").path("prefix").asText(""));
    this.prefix = found.isEmpty() ? "/v1" : "/v1/" + found;
  }

  byte[] request(String method, String path, @Nullable String body) {
    return wire.request(method, path, body);
  }

  Wire.Answer send(byte[] request) throws IOException {
    return wire.send(request);
  }

  byte[] config() {
    return request("GET", config, null);
  }

  byte[] load(String namespace, String table) {
    return request("GET", path(namespace, table), null);
  }

  byte[] list(String namespace) {
    return request("GET", prefix + "/namespaces/" + namespace + "/tables", null);
  }

  byte[] commit(String namespace, String table, String body) {
    return request("POST", path(namespace, table), body);
  }

  void createNamespace(String name) throws IOException {
    String body = "{\"namespace\":[\"" + name + "\"],\"properties\":{}}";
    wire.send(request("POST", prefix + "/namespaces", body)).require();
  }

  Wire.Answer createTable(String namespace, String name) throws IOException {
    StringBuilder fields = new StringBuilder();
    for (int i = 1; i <= COLUMNS; i++) {
      fields
          .append(i == 1 ? "" : ",")
          .append("{\"id\":")
          .append(i)
          .append(",\"name\":\"column_")
          .append(i)
          .append("\",\"required\":false,\"type\":\"")
          .append(i % 2 == 0 ? "string" : "long")
          .append("\"}");
    }
    String body =
        "{\"name\":\""
            + name
            + "\",\"schema\":{\"type\":\"struct\",\"schema-id\":0,\"fields\":["
            + fields
            + "]},\"stage-create\":false,\"properties\":{}}";
    String path = prefix + "/namespaces/" + namespace + "/tables";
    return wire.send(request("POST", path, body));
  }

  /** A commit that changes one property and needs nothing but the table's identity. */
  byte[] setProperty(String namespace, String table, String uuid) {
    String body =
        "{\"requirements\":[{\"type\":\"assert-table-uuid\",\"uuid\":\""
            + uuid
            + "\"}],\"updates\":[{\"action\":\"set-properties\",\"updates\":{\"written\":\""
            + UUID.randomUUID()
            + "\"}}]}";
    return commit(namespace, table, body);
  }

  static TableMetadata metadata(Wire.Answer answer) throws IOException {
    JsonNode body = JSON.readTree(answer.require().text());
    return TableMetadataParser.fromJson(
        body.path("metadata-location").asText(), body.path("metadata"));
  }

  private String path(String namespace, String table) {
    return prefix + "/namespaces/" + namespace + "/tables/" + table;
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
