package dev.polder.door.http.internal.source;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.engine.source.ShownSecret;
import dev.polder.engine.source.ShownSource;
import dev.polder.engine.source.SourceBrowser;
import dev.polder.http.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/** What is known of sources, as JSON. Stateless. */
final class SourceJson {
  static final String REDACTED = "***REDACTED***";

  private SourceJson() {}

  static ObjectNode source(ShownSource source) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("id", source.id());
    node.put("tenantDbId", Long.toString(source.database()));
    node.put("alias", source.alias());
    node.put("setupSql", source.setupSql().orElse(null));
    node.put("connector", source.connector().orElse(null));
    ObjectNode properties = node.putObject("properties");
    new TreeMap<>(source.properties()).forEach(properties::put);
    node.put("description", source.description().orElse(null));
    node.put("readOnly", source.readOnly());
    node.put("disabled", source.disabled());
    node.put("allowInlineSecrets", source.allowInlineSecrets());
    node.put("onStartFailure", source.onStartFailure());
    node.put("extensionDirectory", source.extensionDirectory().orElse(null));
    node.put("revision", source.revision());
    node.put("createdAt", time(source.createdAt()));
    node.put("updatedAt", time(source.updatedAt()));
    return node;
  }

  static ObjectNode secret(ShownSecret secret) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("id", secret.id());
    node.put("federatedSourceId", secret.source());
    node.put("name", secret.name());
    node.put("value", secret.stored() ? REDACTED : null);
    node.put("externalRef", secret.externalRef().orElse(null));
    return node;
  }

  static ObjectNode trial(SourceBrowser.Trial trial) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("ok", trial.failedStep().isEmpty());
    node.put("latencyMs", trial.latency().toMillis());
    ArrayNode schemas = node.putArray("schemas");
    trial.schemas().forEach(schemas::add);
    node.put("failedStep", trial.failedStep().orElse(null));
    node.put("message", trial.message().orElse(null));
    return node;
  }

  static ObjectNode attachment(SourceBrowser.Attachment attachment) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("instance", attachment.instance());
    node.put("attached", attachment.attached());
    node.put("stale", attachment.stale());
    node.put("since", attachment.since().map(Instant::toString).orElse(null));
    node.put("message", attachment.message().orElse(null));
    return node;
  }

  static ObjectNode table(SourceBrowser.Listed table) {
    return Json.MAPPER.createObjectNode().put("name", table.name()).put("view", table.view());
  }

  static ObjectNode column(SourceBrowser.Column column) {
    return Json.MAPPER
        .createObjectNode()
        .put("name", column.name())
        .put("type", column.type())
        .put("nativeType", column.nativeType())
        .put("nullable", column.nullable());
  }

  static <T> ObjectNode list(String member, List<T> items, Function<T, ObjectNode> shown) {
    ObjectNode body = Json.MAPPER.createObjectNode();
    ArrayNode array = body.putArray(member);
    items.forEach(item -> array.add(shown.apply(item)));
    return body;
  }

  private static String time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }
}
