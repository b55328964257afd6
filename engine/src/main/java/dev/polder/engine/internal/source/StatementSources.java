package dev.polder.engine.internal.source;

import dev.polder.duck.InstanceConnection;
import dev.polder.federation.SourceClient;
import dev.polder.federation.SourceTransaction;
import dev.polder.metastore.source.Source;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SourceAlias;
import dev.polder.model.SourceId;
import dev.polder.sql.authorise.AttachedSource;
import dev.polder.sql.authorise.SourceReader;
import dev.polder.sql.remote.RemoteTable;
import dev.polder.sql.remote.SourceDialect;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sources of a space as one statement sees them. Names are resolved while a metastore
 * transaction is open, in which no source is waited for: what is not known yet is thrown as a
 * {@link Wanted}, looked up outside, and the names are resolved again. Closing it ends what the
 * statement has open in sources. For one statement.
 */
public final class StatementSources implements AutoCloseable {
  private final SourceClients clients;
  private final Map<SourceId, Used> used = new HashMap<>();
  private final Function<Source, Optional<SourceTransaction>> sessionTransaction;
  private @Nullable SourceId written;

  /**
   * @param sessionTransaction the transaction that the session has open in a source
   */
  public StatementSources(
      SourceClients clients, Function<Source, Optional<SourceTransaction>> sessionTransaction) {
    this.clients = clients;
    this.sessionTransaction = sessionTransaction;
  }

  /** Something of a source must be looked up before names can be resolved. */
  public static final class Wanted extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Runnable lookUp;

    private Wanted(Runnable lookUp) {
      super("a source must be asked first", null, false, false);
      this.lookUp = lookUp;
    }

    /** Asks the source; may take long. */
    public void lookUp() {
      lookUp.run();
    }
  }

  /** Says that the statement writes to a source: its transaction there must be able to. */
  void writes(Source source) {
    written = source.id();
    used.computeIfAbsent(source.id(), key -> new Connected(source));
  }

  /** The client of a source that is written. */
  SourceClient client(Source source) {
    return known(source.id()).lease.client();
  }

  /** The transaction in which a source is written. */
  SourceTransaction transaction(Source source) {
    return known(source.id()).transaction();
  }

  /** What the statement knows and has open of one source. */
  private sealed interface Used extends AutoCloseable {
    String defaultSchema();

    Optional<RemoteTable> look(String schema, String name);

    Map<List<String>, Optional<RemoteTable>> tables();

    @Override
    void close();
  }

  /** A source that the instance has attached. */
  private record Attached(AttachedCatalog catalog, Map<List<String>, Optional<RemoteTable>> tables)
      implements Used {
    @Override
    public String defaultSchema() {
      return catalog.defaultSchema();
    }

    @Override
    public Optional<RemoteTable> look(String schema, String name) {
      return catalog.table(schema, name);
    }

    @Override
    public void close() {
      // It is the instance's.
    }
  }

  /** A source that is reached through a connector. */
  private final class Connected implements Used {
    private final Source source;
    private final SourceClients.Lease lease;
    private final Map<List<String>, Optional<RemoteTable>> tables = new HashMap<>();
    private @Nullable SourceTransaction own;

    Connected(Source source) {
      this.source = source;
      this.lease = clients.lease(source);
    }

    @Override
    public String defaultSchema() {
      return lease.client().defaultSchema();
    }

    @Override
    public Optional<RemoteTable> look(String schema, String name) {
      return lease.client().table(schema, name);
    }

    @Override
    public Map<List<String>, Optional<RemoteTable>> tables() {
      return tables;
    }

    SourceTransaction transaction() {
      Optional<SourceTransaction> session = sessionTransaction.apply(source);
      if (session.isPresent()) {
        return session.get();
      }
      SourceTransaction open = own;
      if (open == null) {
        open = lease.client().begin(source.id().equals(written));
        own = open;
      }
      return open;
    }

    @Override
    public void close() {
      SourceTransaction open = own;
      try {
        if (open != null) {
          open.close();
        }
      } finally {
        lease.close();
      }
    }
  }

  /**
   * Finds sources in the open metastore transaction.
   *
   * @param connection the statement's own, where attached sources are found
   */
  public SourceReader reader(
      Function<SourceAlias, Optional<Source>> sources, InstanceConnection connection) {
    return alias ->
        SourceAlias.of(alias)
            .flatMap(sources)
            .map(source -> {
              requireEnabled(source);
              return new Statement(source, connection);
            });
  }

  static void requireEnabled(Source source) {
    if (source.definition().disabled()) {
      throw new PolderException(
          ErrorCode.SOURCE_DISABLED,
          "source '" + source.alias() + "' is disabled; an administrator can enable it");
    }
  }

  /** The client through which a source is read, while the statement lasts. */
  public SourceClient client(AttachedSource source) {
    return known(source.id()).lease.client();
  }

  /** The transaction in which the statement reads a source: its session's, or its own. */
  SourceTransaction transaction(AttachedSource source) {
    return known(source.id()).transaction();
  }

  private Connected known(SourceId source) {
    if (used.get(source) instanceof Connected known) {
      return known;
    }
    throw new IllegalStateException("source " + source + " has no client here");
  }

  @Override
  public void close() {
    used.values().forEach(Used::close);
    used.clear();
  }

  /** One source, for the names of the statement. */
  private final class Statement implements AttachedSource {
    private final Source source;
    private final InstanceConnection connection;

    Statement(Source source, InstanceConnection connection) {
      this.source = source;
      this.connection = connection;
    }

    @Override
    public SourceId id() {
      return source.id();
    }

    @Override
    public String alias() {
      return source.alias().value();
    }

    @Override
    public boolean attachedByDuck() {
      return source.definition().setupSql().isPresent();
    }

    @Override
    public String defaultSchema() {
      return open().defaultSchema();
    }

    @Override
    public SourceDialect dialect() {
      return client(this).dialect();
    }

    private Used open() {
      Used known = used.get(source.id());
      if (known == null) {
        throw new Wanted(() -> used.put(source.id(), opened()));
      }
      return known;
    }

    private Used opened() {
      return attachedByDuck()
          ? new Attached(new AttachedCatalog(connection, source), new HashMap<>())
          : new Connected(source);
    }

    @Override
    public Optional<RemoteTable> table(String schema, String name) {
      Used open = open();
      List<String> path = AttachedSource.path(schema, name);
      Optional<RemoteTable> known = open.tables().get(path);
      if (known == null) {
        throw new Wanted(() -> open.tables().put(path, open.look(schema, name)));
      }
      return known;
    }
  }
}
