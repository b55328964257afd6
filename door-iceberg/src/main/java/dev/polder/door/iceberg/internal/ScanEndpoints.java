package dev.polder.door.iceberg.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.polder.engine.catalog.CatalogService;
import dev.polder.engine.catalog.PlannedScan;
import dev.polder.http.Exchange;
import dev.polder.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.rest.PlanStatus;
import org.apache.iceberg.rest.TableScanResponseParser;
import org.apache.iceberg.rest.credentials.Credential;
import org.apache.iceberg.rest.credentials.CredentialParser;
import org.apache.iceberg.rest.requests.FetchScanTasksRequest;
import org.apache.iceberg.rest.requests.PlanTableScanRequest;
import org.apache.iceberg.util.DeleteFileSet;

/**
 * Scans that the server plans: every plan is completed when it is answered, and large ones go on
 * with plan tasks. Stateless.
 */
public record ScanEndpoints(CatalogService catalogs) {
  private static final String TABLE = "/v1/{prefix}/namespaces/{namespace}/tables/{table}";
  private static final String PLAN = TABLE + "/plan/{plan-id}";

  public List<Operation> operations() {
    return List.of(
        new Operation("POST", TABLE + "/plan", this::plan),
        new Operation("GET", PLAN, this::fetch),
        new Operation("DELETE", PLAN, this::cancel),
        new Operation("POST", TABLE + "/tasks", this::tasks));
  }

  private void plan(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    PlanTableScanRequest request = call.body(PlanTableScanRequest.class);
    PlannedScan scan = call.catalog().planScan(call.table(), request);
    List<Credential> credentials = credentials(call);
    reply(
        exchange,
        scan,
        json -> {
          completed(json, credentials);
          json.writeStringField("plan-id", scan.planId());
        });
  }

  private void fetch(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    PlannedScan scan = call.catalog().scanPlan(call.table(), id(exchange));
    List<Credential> credentials = credentials(call);
    reply(exchange, scan, json -> completed(json, credentials));
  }

  private void cancel(Exchange exchange) {
    Call call = new Call(exchange, catalogs);
    call.catalog().cancelScanPlan(call.table(), id(exchange));
    call.noContent();
  }

  private void tasks(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    FetchScanTasksRequest request = call.body(FetchScanTasksRequest.class);
    reply(exchange, call.catalog().scanTasks(call.table(), request.planTask()), json -> {});
  }

  private static String id(Exchange exchange) {
    return exchange.pathParameter("plan-id");
  }

  /** Keys to the files of the plan, for a client that asks for keys. */
  private static List<Credential> credentials(Call call) {
    return call.catalog()
        .access(call.table(), AccessDelegation.modes(call.exchange()))
        .credentials();
  }

  private static void completed(JsonGenerator json, List<Credential> credentials)
      throws IOException {
    json.writeStringField("status", PlanStatus.COMPLETED.status());
    if (!credentials.isEmpty()) {
      json.writeFieldName("storage-credentials");
      json.writeStartArray();
      for (Credential credential : credentials) {
        CredentialParser.toJson(credential, json);
      }
      json.writeEndArray();
    }
  }

  /** What stands before the tasks. */
  private interface Head {
    void write(JsonGenerator json) throws IOException;
  }

  /**
   * Iceberg's response classes want the specs from their own package only; its JSON is the same.
   */
  private static void reply(Exchange exchange, PlannedScan scan, Head head) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator json = Json.generator(body)) {
      json.writeStartObject();
      head.write(json);
      json.writeFieldName("plan-tasks");
      json.writeStartArray();
      for (String task : scan.planTasks()) {
        json.writeString(task);
      }
      json.writeEndArray();
      List<DeleteFile> deletes =
          List.copyOf(
              DeleteFileSet.of(
                  scan.files().stream().flatMap(file -> file.deletes().stream()).toList()));
      TableScanResponseParser.serializeScanTasks(
          scan.files(), deletes, scan.table().specsById(), json);
      json.writeEndObject();
    }
    exchange.reply(200, "application/json", body.toByteArray());
  }
}
