package dev.polder.engine.internal.source;

import dev.polder.duck.InstanceConnection;
import dev.polder.engine.internal.instance.RunningInstance;
import dev.polder.engine.internal.instance.SpaceInstances;
import dev.polder.engine.source.SourceBrowser;
import dev.polder.federation.SourceClient;
import dev.polder.metastore.source.Source;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.sql.remote.RemoteColumn;
import dev.polder.sql.remote.RemoteTable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Looks into sources by their clients, and into those that DuckDB attaches by an instance of their
 * space, which it starts where none runs. Thread-safe.
 */
public final class LocalSourceBrowser implements SourceBrowser {
  private final SourceClients clients;
  private final SpaceInstances instances;
  private final Clock clock;

  public LocalSourceBrowser(SourceClients clients, SpaceInstances instances, Clock clock) {
    this.clients = clients;
    this.instances = instances;
    this.clock = clock;
  }

  @Override
  public Trial test(Source source) {
    boolean attached = isAttached(source);
    if (!attached) {
      // What an earlier trial left connected would prove nothing of secrets as they are now.
      clients.forget(source.id());
    }
    long started = clock.millis();
    String step = attached ? "attach" : "connect";
    try {
      if (attached) {
        inInstance(source, connection -> new AttachedCatalog(connection, source));
      } else {
        withClient(
            source,
            client -> {
              try (var _ = client.begin(false)) {
                return client;
              }
            });
      }
      step = "list schemas";
      List<String> schemas = schemas(source);
      return new Trial(since(started), schemas, Optional.empty(), Optional.empty());
    } catch (PolderException e) {
      return new Trial(
          since(started),
          List.of(),
          Optional.of(step),
          Optional.of(e.code().symbol() + ": " + e.getMessage()));
    }
  }

  private Duration since(long started) {
    return Duration.ofMillis(clock.millis() - started);
  }

  @Override
  public List<Attachment> status(Source source) {
    return instances.list().stream()
        .filter(instance -> instance.space().equals(source.space()))
        .map(instance -> attachment(instance, source))
        .toList();
  }

  /** A source with a connector is reached as it is defined now, whenever the instance started. */
  private static Attachment attachment(RunningInstance instance, Source source) {
    boolean own = isAttached(source);
    boolean failed = instance.failedSources().contains(source.alias().value());
    boolean disabled = source.definition().disabled();
    return new Attachment(
        instance.id(),
        !failed && !disabled,
        own && instance.stale(),
        Optional.of(Instant.ofEpochMilli(instance.startedAt())),
        failed
            ? Optional.of("the setup SQL failed when the instance started; it was left out")
            : disabled ? Optional.of("the source is disabled") : Optional.empty());
  }

  private static boolean isAttached(Source source) {
    return source.definition().setupSql().isPresent();
  }

  @Override
  public List<String> schemas(Source source) {
    return isAttached(source)
        ? attached(source, AttachedCatalog::schemas)
        : withClient(source, SourceClient::schemas);
  }

  @Override
  public List<Listed> tables(Source source, String schema) {
    return isAttached(source)
        ? attached(source, catalog -> catalog.tables(schema))
        : withClient(
            source,
            client ->
                client.tables(schema).stream()
                    .map(table -> new Listed(table.name(), table.view()))
                    .toList());
  }

  @Override
  public List<Column> columns(Source source, String schema, String table) {
    Optional<RemoteTable> found =
        isAttached(source)
            ? attached(source, catalog -> catalog.table(schema, table))
            : withClient(source, client -> client.table(schema, table));
    return found
        .map(object -> object.columns().stream().map(LocalSourceBrowser::column).toList())
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.COLLECTION_NOT_FOUND,
                "table " + source.alias() + "." + schema + "." + table + " not found"));
  }

  private static Column column(RemoteColumn column) {
    return new Column(column.name(), column.type(), column.nativeType(), column.nullable());
  }

  private <T> T withClient(Source source, Function<SourceClient, T> work) {
    try (SourceClients.Lease lease = clients.lease(source)) {
      return work.apply(lease.client());
    }
  }

  private <T> T attached(Source source, Function<AttachedCatalog, T> work) {
    return inInstance(source, connection -> work.apply(new AttachedCatalog(connection, source)));
  }

  private <T> T inInstance(Source source, Function<InstanceConnection, T> work) {
    try (SpaceInstances.Lease lease = instances.lease(source.space());
        InstanceConnection connection = lease.instance().connect()) {
      return work.apply(connection);
    }
  }
}
