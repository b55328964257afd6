package dev.polder.door.iceberg.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.engine.catalog.CatalogService;
import dev.polder.engine.catalog.CatalogTask;
import dev.polder.engine.catalog.NamePage;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.http.Json;
import dev.polder.model.JobId;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;

/** Background work that requests have left behind: what it is doing, and its end. Stateless. */
public record TaskEndpoints(CatalogService catalogs) {
  private static final String ALL = "/polaris/v1/{prefix}/tasks";
  private static final String ONE = ALL + "/{task}";

  public List<Operation> operations() {
    return List.of(
        new Operation("GET", ALL, this::list),
        new Operation("GET", ONE, this::load),
        Operation.changing("DELETE", ONE, this::cancel));
  }

  /** Where a task is to be asked for, below the base path of the request that made it. */
  static String at(Call call, JobId task) {
    String path = call.exchange().request().getRequestURI();
    String base = path.startsWith("/api/catalog/") ? "/api/catalog" : "";
    return base + "/polaris/v1/" + call.catalog().prefix() + "/tasks/" + task;
  }

  private void list(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    NamePage<CatalogTask> page =
        call.catalog()
            .tasks(
                exchange.query("state").map(TaskEndpoints::state), call.after(), call.pageSize());
    ObjectNode body = Json.MAPPER.createObjectNode();
    page.next().ifPresent(key -> body.put("next-page-token", Call.token(key)));
    ArrayNode tasks = body.putArray("tasks");
    for (CatalogTask task : page.names()) {
      write(tasks.addObject(), task);
    }
    call.reply(body);
  }

  private static CatalogTask.State state(String text) {
    return Arrays.stream(CatalogTask.State.values())
        .filter(state -> state.word().equals(text))
        .findFirst()
        .orElseThrow(() ->
            Fields.bad(
                "state must be one of "
                    + Arrays.stream(CatalogTask.State.values())
                        .map(CatalogTask.State::word)
                        .toList()));
  }

  private void load(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    ObjectNode body = Json.MAPPER.createObjectNode();
    write(body.putObject("task"), call.catalog().task(id(exchange)));
    call.reply(body);
  }

  private void cancel(Exchange exchange) {
    Call call = new Call(exchange, catalogs);
    call.catalog().cancelTask(id(exchange));
    call.noContent();
  }

  private static JobId id(Exchange exchange) {
    return new JobId(exchange.pathParameter("task"));
  }

  private static void write(ObjectNode body, CatalogTask task) throws IOException {
    body.put("id", task.id().value());
    body.put("kind", task.kind());
    body.put("state", task.state().word());
    if (!task.subject().isEmpty()) {
      body.put("subject", task.subject());
    }
    task.createdBy().ifPresent(name -> body.put("created-by", name));
    body.put("created-at", time(task.createdAt()));
    body.set("progress", Json.MAPPER.readTree(task.progress().orElse("{}")));
    body.put("attempts", task.attempts());
    task.error().ifPresent(text -> body.put("error", text));
    body.put("cancel-requested", task.cancelRequested());
    if (task.state() == CatalogTask.State.QUEUED) {
      body.put("next-run-at", time(task.nextRunAt()));
    }
    task.finishedAt().ifPresent(micros -> body.put("finished-at", time(micros)));
  }

  private static String time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }
}
