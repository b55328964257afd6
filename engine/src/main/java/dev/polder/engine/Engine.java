package dev.polder.engine;

import dev.polder.duck.DuckParser;
import dev.polder.duck.NativeThreads;
import dev.polder.engine.catalog.CatalogService;
import dev.polder.engine.catalog.DelegationCounts;
import dev.polder.engine.internal.admission.Admission;
import dev.polder.engine.internal.catalog.LocalCatalogService;
import dev.polder.engine.internal.delegation.DelegationTrail;
import dev.polder.engine.internal.execute.ConstantCache;
import dev.polder.engine.internal.execute.EngineParts;
import dev.polder.engine.internal.execute.LocalMirrorFeed;
import dev.polder.engine.internal.execute.StatementCache;
import dev.polder.engine.internal.instance.SpaceInstances;
import dev.polder.engine.internal.quota.Connections;
import dev.polder.engine.internal.quota.Quotas;
import dev.polder.engine.internal.session.Bindings;
import dev.polder.engine.internal.session.LocalSession;
import dev.polder.engine.internal.session.SessionRegistry;
import dev.polder.engine.internal.session.SessionState;
import dev.polder.engine.internal.session.StatementTimer;
import dev.polder.engine.internal.source.LocalSourceBrowser;
import dev.polder.engine.internal.source.SourceClients;
import dev.polder.engine.internal.source.SourceSetups;
import dev.polder.engine.internal.staging.LocalStagingArea;
import dev.polder.engine.internal.staging.StagingFiles;
import dev.polder.engine.management.ManagementService;
import dev.polder.engine.manifest.ManifestService;
import dev.polder.engine.source.ManifestSources;
import dev.polder.engine.source.SourceReferences;
import dev.polder.engine.source.SourceService;
import dev.polder.federation.Connectors;
import dev.polder.lake.Lake;
import dev.polder.maintenance.SpaceSessions;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.quota.ServerUse;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.AccessControl;
import dev.polder.policy.AuditLog;
import dev.polder.policy.Authenticator;
import dev.polder.policy.DeniedException;
import dev.polder.policy.Identity;
import dev.polder.sql.analyse.QueryAnalyzer;
import dev.polder.sql.authorise.Authorizer;
import dev.polder.sql.authorise.PolicyExpression;
import dev.polder.sql.bind.Binder;
import dev.polder.sql.bind.ReadableFiles;
import dev.polder.sql.parse.ParserLimits;
import dev.polder.sql.parse.StatementParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs statements: opens sessions, and owns the DuckDB instances and the threads and memory they
 * work with. Thread-safe. Closing it ends all sessions and instances; metastore, lake and
 * authenticator belong to the caller.
 */
public final class Engine implements SessionService, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
  private static final Duration TOKEN_CLEANUP = Duration.ofHours(1);
  private static final Duration EXCHANGE = Duration.ofSeconds(1);
  private static final Duration HOUSEKEEPING = Duration.ofSeconds(5);

  private final EngineOptions options;
  private final EngineParts parts;
  private final DuckParser parser;
  private final StatementTimer timer;
  private final RootAllocator memory;
  private final DelegationTrail delegation;

  /** Its own thread: stopping instances and asking the metastore may take long. */
  private final ScheduledExecutorService housekeeper =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("engine-housekeeping").factory());

  /**
   * @param nativeThreads threads on which DuckDB's calls run; owned from now on
   * @param files where data files are found on this machine
   * @param fileRoots directories that a space's data files are in
   * @param sources reaches sources
   */
  public Engine(
      EngineOptions options,
      Metastore metastore,
      Lake lake,
      Authenticator authenticator,
      AuditLog auditLog,
      NativeThreads nativeThreads,
      ReadableFiles files,
      java.util.function.Function<SpaceKey, List<String>> fileRoots,
      SourceProvider sources,
      Clock clock) {
    this.options = options;
    empty(options.instancesDirectory());
    this.memory = new RootAllocator(options.resultBytes());
    this.parser = new DuckParser(nativeThreads);
    this.timer = new StatementTimer();
    this.delegation = new DelegationTrail(auditLog, clock);
    QueryAnalyzer analyzer = new QueryAnalyzer(parser::answer);
    PolicyExpression policies = new PolicyExpression(analyzer);
    StagingFiles staging = new StagingFiles(options.stagingDirectory());
    Quotas quotas = new Quotas(metastore, lake.quotas(), this::instanceMemory);
    SpaceInstances instances =
        new SpaceInstances(
            nativeThreads,
            options,
            space -> readable(fileRoots, staging, space),
            quotas,
            new SourceSetups(metastore, sources),
            clock);
    this.parts =
        new EngineParts(
            options,
            metastore,
            lake,
            files,
            authenticator,
            new AccessControl(lake.quotas()::seen),
            auditLog,
            new StatementCache(new StatementParser(limits(options))),
            analyzer,
            new Authorizer(analyzer, policies),
            new Binder(),
            policies,
            nativeThreads,
            new Admission(
                options.maxConcurrentStatements(), options.queueSize(), options.queueTimeout()),
            instances,
            quotas,
            staging,
            new SessionRegistry(options.maxSessions()),
            new ConstantCache(),
            new SourceClients(sources::client, clock),
            memory,
            clock);
    var _ =
        housekeeper.scheduleWithFixedDelay(
            this::housekeeping,
            HOUSEKEEPING.toMillis(),
            HOUSEKEEPING.toMillis(),
            TimeUnit.MILLISECONDS);
    timer.every(EXCHANGE, quotas::exchange);
    // The timer's own thread ends statements in time; it must not wait for the metastore.
    timer.every(
        TOKEN_CLEANUP, () -> Thread.startVirtualThread(parts.authenticator()::deleteDeadTokens));
  }

  private static ParserLimits limits(EngineOptions options) {
    ParserLimits standard = ParserLimits.DEFAULT;
    return new ParserLimits(
        options.maxStatementBytes(),
        options.maxNesting(),
        standard.maxChain(),
        standard.maxConditions(),
        standard.maxJoins());
  }

  private static List<String> readable(
      java.util.function.Function<SpaceKey, List<String>> fileRoots,
      StagingFiles staging,
      SpaceKey space) {
    List<String> directories = new ArrayList<>(fileRoots.apply(space));
    directories.add(staging.directory(space).toString());
    return directories;
  }

  private static void empty(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Session open(SessionRequest request) {
    Identity identity = request.identity();
    TenantId tenant = Bindings.tenant(parts, identity, request.tenant());
    Optional<DatabaseName> asked = request.database().map(Bindings::name);
    SessionState.Binding binding;
    try {
      binding = Bindings.bind(parts, identity, tenant, asked);
    } catch (PolderException e) {
      if (e.code() == ErrorCode.ACCESS_DENIED) {
        parts
            .auditLog()
            .denied(
                identity,
                e instanceof DeniedException denied
                    ? denied.database().map(database -> new SpaceKey(database, tenant))
                    : Optional.empty(),
                "BIND",
                asked.map(DatabaseName::value).orElse("default"),
                String.valueOf(e.getMessage()),
                "");
      }
      throw e;
    }
    return open(
        identity,
        () -> binding,
        parts.quotas().connections().open(binding.space()),
        request.door(),
        request.clientAddress());
  }

  @Override
  public Session openBeside(Session first) {
    if (!(first instanceof LocalSession known)) {
      throw new IllegalArgumentException("a session of another engine");
    }
    Connections.Permit permit = known.sharePermit();
    return open(
        known.identity(),
        () -> Bindings.bind(parts, known.identity(), permit.space()),
        permit,
        known.door(),
        known.clientAddress());
  }

  private Session open(
      Identity identity,
      Supplier<SessionState.Binding> binding,
      Connections.Permit permit,
      String door,
      String clientAddress) {
    try {
      return new LocalSession(
          parts,
          timer,
          new SessionId(UUID.randomUUID()),
          identity,
          binding.get(),
          permit,
          door,
          clientAddress);
    } catch (RuntimeException e) {
      permit.close();
      throw e;
    }
  }

  private Map<SpaceKey, Long> instanceMemory() {
    return parts.instances().memory();
  }

  /** What all servers use of each space; of other servers what they said some seconds ago. */
  public List<ServerUse> uses() {
    return parts.quotas().uses();
  }

  /** What this server uses of each space. */
  public List<ServerUse> ownUses() {
    return parts.quotas().own();
  }

  @Override
  public Optional<Session> find(SessionId id, Identity identity) {
    return parts
        .sessions()
        .find(id)
        .filter(session -> session.identity().id().equals(identity.id()));
  }

  /** The files that sessions bring and fetch for COPY. */
  public StagingArea stagingArea() {
    return new LocalStagingArea(parts.staging());
  }

  /**
   * Databases as Iceberg catalogs, for other engines.
   *
   * @param keyLifetime how long a request may be sent again under its key
   */
  public CatalogService catalogs(Duration keyLifetime) {
    return new LocalCatalogService(parts, delegation, keyLifetime);
  }

  /** What other engines were given of tables' files. */
  public DelegationCounts delegated() {
    return delegation.counts();
  }

  /** Principals, roles, catalogs and grants, in the words of the management API. */
  public ManagementService management() {
    return new ManagementService(parts);
  }

  /**
   * Sources, for those who administer them.
   *
   * @param connectors those that sources can have
   * @param references judges references to other stores' secrets
   */
  public SourceService sources(Connectors connectors, SourceReferences references) {
    return new SourceService(
        parts,
        connectors,
        references,
        new LocalSourceBrowser(parts.sources(), parts.instances(), parts.clock()));
  }

  /**
   * The whole control plane as one document.
   *
   * @param connectors those that sources can have
   * @param references judges references to other stores' secrets
   */
  public ManifestService manifests(Connectors connectors, SourceReferences references) {
    return new ManifestService(
        parts, new ManifestSources(connectors, references, parts.lake().secrets()::seal));
  }

  /** What other servers ask to mirror databases of this one. */
  public MirrorFeed mirrorFeed() {
    return new LocalMirrorFeed(parts);
  }

  /** How many sessions are open. */
  public int sessions() {
    return parts.sessions().size();
  }

  /** How many instances run. */
  public int instances() {
    return parts.instances().running();
  }

  /** How many statements wait for their turn. */
  public int waitingStatements() {
    return parts.admission().waiting();
  }

  /** How many statements hold a place among those that work at once. */
  public int runningStatements() {
    return options.maxConcurrentStatements() - parts.admission().free();
  }

  /** The sessions of each space. */
  public SpaceSessions spaceSessions() {
    return parts.sessions().inSpaces(Optional.empty());
  }

  /** A time in microseconds before which nothing began that still runs. */
  public long oldestWorkMicros() {
    long now = parts.clock().millis() * 1_000;
    return parts.sessions().all().stream()
        .flatMapToLong(listed -> listed.oldestWorkMicros().stream())
        .reduce(now, Math::min);
  }

  /** Bytes that results on their way to clients hold. */
  public long resultBytes() {
    return memory.getAllocatedMemory();
  }

  /** Checks that the metastore answers. */
  public void checkReady() {
    parts.metastore().read(tx -> tx.databases().find(DatabaseName.DEFAULT));
  }

  private void housekeeping() {
    try {
      parts.instances().stopIdle();
      parts.sources().closeIdle(options.instanceIdleTimeout());
      parts.sessions().expire(parts.metastore(), options.sessionIdleTimeout());
      delegation.flush();
    } catch (RuntimeException e) {
      // An exception would end the housekeeping for good; the next round asks again.
      LOG.warn("idle sessions and instances could not be looked after", e);
    }
  }

  @Override
  public void close() {
    timer.close();
    housekeeper.shutdownNow();
    parts.sessions().all().forEach(listed -> listed.session().close());
    parts.instances().close();
    parts.sources().close();
    parts.quotas().leave();
    delegation.close();
    parser.close();
    parts.nativeThreads().close();
    memory.close();
  }
}
