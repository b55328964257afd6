package dev.polder.door.iceberg.internal;

import dev.polder.engine.catalog.AccessMode;
import dev.polder.engine.catalog.CatalogService;
import dev.polder.engine.catalog.TableAccess;
import dev.polder.engine.catalog.TableCreation;
import dev.polder.engine.catalog.TableUpdate;
import dev.polder.http.Exchange;
import dev.polder.http.Fields;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.metrics.MetricsReport;
import org.apache.iceberg.rest.requests.CommitTransactionRequest;
import org.apache.iceberg.rest.requests.CreateTableRequest;
import org.apache.iceberg.rest.requests.RegisterTableRequest;
import org.apache.iceberg.rest.requests.RenameTableRequest;
import org.apache.iceberg.rest.requests.ReportMetricsRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.LoadTableResponse;

/** Tables: create, load, commit, drop, rename, register, several at once. Stateless. */
public record TableEndpoints(CatalogService catalogs, EngineReports reports) {
  private static final String IN = "/v1/{prefix}/namespaces/{namespace}";
  private static final String ALL = IN + "/tables";
  private static final String ONE = ALL + "/{table}";
  private static final Bodies<TableMetadata> WHOLE = new Bodies<>(TableEndpoints::write);
  private static final Bodies<TableMetadata> REFERENCED =
      new Bodies<>(metadata -> write(referenced(metadata)));

  public List<Operation> operations() {
    return List.of(
        new Operation("GET", ALL, this::list),
        Operation.changing("POST", ALL, this::create),
        new Operation("GET", ONE, this::load),
        new Operation("HEAD", ONE, this::exists),
        Operation.changing("POST", ONE, this::commit),
        Operation.changing("DELETE", ONE, this::drop),
        new Operation("POST", ONE + "/metrics", this::metrics),
        Operation.changing("POST", IN + "/register", this::register),
        Operation.changing("POST", "/v1/{prefix}/tables/rename", this::rename),
        Operation.changing("POST", "/v1/{prefix}/transactions/commit", this::commitAll));
  }

  private void list(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    call.reply(
        NameLists.identifiers(
            call.catalog().tables(call.namespace(), call.after(), call.pageSize())));
  }

  private void create(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    CreateTableRequest request = call.body(CreateTableRequest.class);
    TableCreation creation = creation(request);
    Set<AccessMode> modes = AccessDelegation.modes(exchange);
    TableIdentifier name = call.named(request.name());
    call.catalog().requireMode(modes);
    if (request.stageCreate()) {
      TableMetadata staged = call.catalog().stageTable(call.namespace(), creation);
      reply(call, staged, call.catalog().accessStaged(name, staged, modes));
    } else {
      TableMetadata made = call.catalog().createTable(call.namespace(), creation);
      reply(call, made, call.catalog().access(name, modes));
    }
  }

  private static TableCreation creation(CreateTableRequest request) {
    try {
      return new TableCreation(
          request.name(),
          request.schema(),
          Objects.requireNonNullElse(request.spec(), PartitionSpec.unpartitioned()),
          Objects.requireNonNullElse(request.writeOrder(), SortOrder.unsorted()),
          Optional.ofNullable(request.location()),
          IcebergJson.properties(request.properties()));
    } catch (IllegalArgumentException | ValidationException e) {
      // Here the partitioning and the order are bound to the schema.
      throw new PolderException(ErrorCode.BAD_REQUEST, String.valueOf(e.getMessage()), e);
    }
  }

  private void load(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    String snapshots = exchange.query("snapshots").orElse("all");
    if (!Set.of("all", "refs").contains(snapshots)) {
      throw Fields.bad("snapshots must be 'all' or 'refs'");
    }
    TableMetadata metadata = call.catalog().table(call.table());
    TableAccess access = call.catalog().access(call.table(), AccessDelegation.modes(exchange));
    String tag = tag(metadata, snapshots + access.version());
    if (exchange.header("If-None-Match").filter(seen -> names(seen, tag)).isPresent()) {
      exchange.response().setHeader("ETag", tag);
      exchange.response().setStatus(304);
      return;
    }
    reply(call, snapshots.equals("refs") ? REFERENCED : WHOLE, metadata, access, tag);
  }

  /** Whether a list of tags has one, strong or weak; of any version there is one here. */
  private static boolean names(String seen, String tag) {
    return Arrays.stream(seen.split(","))
        .map(String::strip)
        .anyMatch(one -> one.equals("*") || one.equals(tag) || one.equals(tag.substring(2)));
  }

  private static byte[] write(TableMetadata metadata) {
    return IcebergJson.write(LoadTableResponse.builder().withTableMetadata(metadata).build());
  }

  private static TableMetadata referenced(TableMetadata metadata) {
    Set<Long> named =
        metadata.refs().values().stream().map(SnapshotRef::snapshotId).collect(Collectors.toSet());
    return metadata.removeSnapshotsIf(snapshot -> !named.contains(snapshot.snapshotId()));
  }

  private static void reply(Call call, TableMetadata metadata, TableAccess access)
      throws IOException {
    reply(call, WHOLE, metadata, access, tag(metadata, "all" + access.version()));
  }

  private static void reply(
      Call call,
      Bodies<TableMetadata> bodies,
      TableMetadata metadata,
      TableAccess access,
      String tag)
      throws IOException {
    if (metadata.metadataFileLocation() != null) {
      call.exchange().response().setHeader("ETag", tag);
    }
    if (access.config().isEmpty() && access.credentials().isEmpty()) {
      call.reply(bodies.of(metadata));
      return;
    }
    call.reply(
        LoadTableResponse.builder()
            .withTableMetadata(bodies == REFERENCED ? referenced(metadata) : metadata)
            .addAllConfig(access.config())
            .addAllCredentials(access.credentials())
            .build());
  }

  /** Changes with each version and with what of it is shown. */
  private static String tag(TableMetadata metadata, String snapshots) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  (metadata.uuid() + " " + metadata.metadataFileLocation() + " " + snapshots)
                      .getBytes(StandardCharsets.UTF_8));
      return "W/\"" + HexFormat.of().formatHex(digest, 0, 16) + "\"";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void exists(Exchange exchange) {
    Call call = new Call(exchange, catalogs);
    var _ = call.catalog().requireTable(call.table());
    call.noContent();
  }

  private void commit(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    UpdateTableRequest request = call.body(UpdateTableRequest.class);
    TableIdentifier name = call.table();
    if (request.identifier() != null && !request.identifier().equals(name)) {
      throw Fields.bad("the body's identifier is not the path's table");
    }
    TableUpdate update = new TableUpdate(name, request.requirements(), request.updates());
    reply(call, Commits.known(() -> call.catalog().commit(update)), TableAccess.NONE);
  }

  private void commitAll(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    CommitTransactionRequest request = call.body(CommitTransactionRequest.class);
    List<TableUpdate> updates =
        request.tableChanges().stream()
            .map(change ->
                new TableUpdate(change.identifier(), change.requirements(), change.updates()))
            .toList();
    Commits.known(() -> {
      call.catalog().commitAll(updates);
      return true;
    });
    call.noContent();
  }

  private void drop(Exchange exchange) {
    Call call = new Call(exchange, catalogs);
    boolean purge =
        exchange
            .query("purgeRequested")
            .map(text -> {
              if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
                throw Fields.bad("purgeRequested must be true or false");
              }
              return Boolean.parseBoolean(text);
            })
            .orElse(false);
    call.catalog()
        .dropTable(call.table(), purge)
        .ifPresent(task -> exchange.response().setHeader("Location", TaskEndpoints.at(call, task)));
    call.noContent();
  }

  private void rename(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    RenameTableRequest request = call.body(RenameTableRequest.class);
    call.catalog().renameTable(request.source(), request.destination());
    call.noContent();
  }

  private void register(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    RegisterTableRequest request = call.body(RegisterTableRequest.class);
    Set<AccessMode> modes = AccessDelegation.modes(exchange);
    call.catalog().requireMode(modes);
    TableIdentifier name = call.named(request.name());
    TableMetadata registered =
        call.catalog()
            .registerTable(
                call.namespace(), request.name(), request.metadataLocation(), request.overwrite());
    reply(call, registered, call.catalog().access(name, modes));
  }

  private void metrics(Exchange exchange) throws IOException {
    Call call = new Call(exchange, catalogs);
    MetricsReport report = call.body(ReportMetricsRequest.class).report();
    reports.take(call.catalog().requireTable(call.table()), call.table(), report);
    call.noContent();
  }
}
