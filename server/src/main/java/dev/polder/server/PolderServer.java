package dev.polder.server;

import dev.polder.door.flight.FlightDoor;
import dev.polder.door.flight.FlightOptions;
import dev.polder.door.flight.FlightTls;
import dev.polder.door.http.HttpDoor;
import dev.polder.door.http.HttpOptions;
import dev.polder.door.http.HttpServices;
import dev.polder.door.http.ManifestDoor;
import dev.polder.door.http.Readiness;
import dev.polder.door.http.SourceDoor;
import dev.polder.door.iceberg.IcebergDoor;
import dev.polder.door.iceberg.management.ManagementDoor;
import dev.polder.duck.NativeThreads;
import dev.polder.engine.Engine;
import dev.polder.engine.EngineOptions;
import dev.polder.engine.manifest.ManifestService;
import dev.polder.engine.source.SourceService;
import dev.polder.federation.PathRoots;
import dev.polder.http.HttpAuthenticator;
import dev.polder.http.HttpListener;
import dev.polder.http.ListenerOptions;
import dev.polder.lake.BackupOptions;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeOptions;
import dev.polder.lake.backup.BackupPlaces;
import dev.polder.lake.collect.CollectOptions;
import dev.polder.lake.collect.Collector;
import dev.polder.lake.io.ExternalLocations;
import dev.polder.lake.io.LocalCopies;
import dev.polder.lake.io.Warehouse;
import dev.polder.maintenance.Maintenance;
import dev.polder.maintenance.MaintenanceOptions;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.PostgresMetastore;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.IdSource;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.Access;
import dev.polder.policy.AccessControl;
import dev.polder.policy.AccessTokens;
import dev.polder.policy.AuditLog;
import dev.polder.policy.Authenticator;
import dev.polder.policy.AuthenticatorOptions;
import dev.polder.policy.Identity;
import dev.polder.policy.IssuedToken;
import dev.polder.server.client.ConnectionFailure;
import dev.polder.server.client.Trust;
import dev.polder.server.config.Configuration;
import dev.polder.server.config.EngineSettings;
import dev.polder.server.config.MaintenanceSettings;
import dev.polder.server.config.MirrorSettings;
import dev.polder.server.metrics.DatabaseMetrics;
import dev.polder.server.tls.CertificateFiles;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The whole server: metastore, lake, engine and doors, started in this order and stopped in the
 * reverse one. What a start that fails has begun is stopped again.
 */
public final class PolderServer implements RunningServer {
  private static final Duration NO_LIMIT = Duration.ofDays(3650);

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final ServerSources sources;
  private final Engine engine;
  private final Endpoints endpoints;
  private final Optional<Secret> newAdminPassword;
  private boolean closed;

  private PolderServer(Configuration configuration) {
    try {
      Clock clock = Clock.systemUTC();
      IdSource ids = IdSource.timeOrdered(clock);
      Path data = directory(configuration.data().dir());
      Metastore metastore = started(metastore(configuration, clock, ids));
      ConfiguredQuotas.apply(metastore, configuration.quota(), configuration.engine());
      AuditLog audit = started(new AuditLog(metastore));
      Authenticator authenticator =
          started(
              new Authenticator(
                  metastore,
                  audit,
                  AuthenticatorOptions.standard(Optional.ofNullable(configuration.apiKey()))
                      .withPlainHttp(configuration.auth().identityProviderHttp()),
                  clock));
      newAdminPassword =
          authenticator.ensureAdministrator(Optional.ofNullable(configuration.admin().password()));
      Warehouse warehouse = warehouse(configuration);
      Lake lake =
          started(
              new Lake(
                  metastore,
                  warehouse,
                  ids,
                  LakeOptions.DEFAULT.with(
                      configuration.mirror().keyFile(),
                      configuration.mirror().plainHttp(),
                      () -> trust(configuration.mirror()),
                      configuration.iceberg().engineGc()),
                  Optional.of(backups(configuration))));
      sources =
          started(
              new ServerSources(
                  metastore,
                  lake.secrets(),
                  SecretStores.settings(configuration.federation()),
                  roots(configuration.federation().pathRoots()),
                  data.resolve("drivers"),
                  data.resolve("sources")));
      engine = started(engine(configuration, data, clock, metastore, lake, authenticator, audit));
      started(
          new Maintenance(
              metastore,
              lake,
              maintenance(configuration.maintenance()),
              engine::oldestWorkMicros,
              engine.spaceSessions()));
      PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      running.push(metrics::close);
      Gauge.builder("polder.sessions", engine, Engine::sessions).register(metrics);
      Gauge.builder("polder.instances", engine, Engine::instances).register(metrics);
      Gauge.builder("polder.statements.waiting", engine, Engine::waitingStatements)
          .register(metrics);
      Gauge.builder("polder.statements.running", engine, Engine::runningStatements)
          .register(metrics);
      Gauge.builder("polder.result.bytes", engine, Engine::resultBytes).register(metrics);
      measure(lake.collector(), metrics);
      measure(engine, metrics);
      started(new DatabaseMetrics(metastore, lake, engine, metrics));
      FlightDoor flight = started(flight(configuration, data, authenticator, metrics));
      HttpListener http = started(http(configuration, data, metastore, authenticator, metrics));
      endpoints =
          new Endpoints(
              address(
                  configuration.http().tls().enabledOn(configuration.http().host())
                      ? "https"
                      : "http",
                  configuration.http().host(),
                  http.port()),
              address(
                  configuration.flight().tls().enabledOn(configuration.flight().host())
                      ? "grpc+tls"
                      : "grpc",
                  configuration.flight().host(),
                  flight.port()));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Starts a server; returns when every door answers. */
  public static RunningServer start(Configuration configuration) {
    return new PolderServer(configuration);
  }

  private <T extends AutoCloseable> T started(T part) {
    running.push(part);
    return part;
  }

  private static Path directory(Path path) {
    try {
      return Files.createDirectories(path.toAbsolutePath().normalize());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + path, e);
    }
  }

  private static Metastore metastore(Configuration configuration, Clock clock, IdSource ids) {
    var settings = configuration.metastore();
    if (settings.isSqlite()) {
      Path parent = settings.sqliteFile().toAbsolutePath().getParent();
      if (parent != null) {
        directory(parent);
      }
      return SqliteMetastore.open(settings.sqliteFile(), clock, ids);
    }
    String user = settings.user();
    Secret password = settings.password();
    return PostgresMetastore.open(
        settings.url(),
        user == null ? "" : user,
        password == null ? Secret.of("") : password,
        clock,
        ids);
  }

  private static Warehouse warehouse(Configuration configuration) {
    var settings = configuration.warehouse();
    Warehouse warehouse =
        settings.isRemote()
            ? Warehouse.open(settings.location(), StoreAccess.of(settings))
            : Warehouse.local(directory(Path.of(settings.location())));
    return warehouse.with(new ExternalLocations(configuration.iceberg().prefixes()));
  }

  private static BackupOptions backups(Configuration configuration) {
    var settings = configuration.backup();
    return new BackupOptions(
        new BackupPlaces(
            settings.dir(),
            Optional.ofNullable(settings.s3()),
            Optional.of(StoreAccess.s3(configuration.warehouse().s3()))),
        settings.keyFile());
  }

  private Engine engine(
      Configuration configuration,
      Path data,
      Clock clock,
      Metastore metastore,
      Lake lake,
      Authenticator authenticator,
      AuditLog audit) {
    EngineSettings settings = configuration.engine();
    Warehouse warehouse = lake.warehouse();
    Path cache = data.resolve("cache");
    LocalCopies copies =
        new LocalCopies(
            warehouse,
            cache,
            configuration.warehouse().cacheSize().bytes(),
            lake.quotas()::cacheWeight);
    EngineOptions options =
        new EngineOptions(
            data.resolve("instances"),
            data.resolve("staging"),
            data.resolve("extensions"),
            settings.memoryLimit().bytes(),
            settings.threads(),
            settings.maxTemp().bytes(),
            settings.instanceIdleTimeout(),
            settings.maxConcurrentStatements(),
            settings.queueSize(),
            settings.queueTimeout(),
            settings.statementTimeout().isZero() ? NO_LIMIT : settings.statementTimeout(),
            settings.resultBudget().bytes(),
            Math.toIntExact(configuration.sql().maxStatementBytes().bytes()),
            configuration.sql().maxNesting(),
            configuration.auth().sessionIdleTimeout(),
            EngineOptions.defaults(data).maxSessions());
    return new Engine(
        options,
        metastore,
        lake,
        authenticator,
        audit,
        new NativeThreads(
            settings.nativeThreads(),
            settings.nativeThreads() + settings.queueSize() + 1_000,
            NativeThreads.DEFAULT_STACK_BYTES),
        copies::path,
        space -> fileRoots(warehouse, cache, space),
        sources,
        clock);
  }

  private static MaintenanceOptions maintenance(MaintenanceSettings settings) {
    return new MaintenanceOptions(
        new CollectOptions(
            settings.retention(), settings.undropRetention(), settings.grace(), settings.journal()),
        settings.threads(),
        MaintenanceOptions.DEFAULT.poll(),
        settings.collectEvery(),
        settings.sweepEvery(),
        settings.expireEvery());
  }

  private static SSLContext trust(MirrorSettings settings) {
    Path certificates = settings.certificates();
    try {
      return certificates == null
          ? LakeOptions.authorities()
          : new Trust.Certificates(certificates, true).context();
    } catch (ConnectionFailure e) {
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION, "mirror.certificates: " + e.getMessage(), e);
    }
  }

  private static void measure(Collector collector, PrometheusMeterRegistry metrics) {
    FunctionCounter.builder("polder.collector.condemned", collector, c -> c.total().condemned())
        .register(metrics);
    FunctionCounter.builder("polder.collector.strays", collector, c -> c.total().strays())
        .register(metrics);
    FunctionCounter.builder("polder.collector.deleted", collector, c -> c.total().deleted())
        .register(metrics);
    FunctionCounter.builder("polder.collector.failed", collector, c -> c.total().failed())
        .register(metrics);
    FunctionCounter.builder("polder.collector.bytes", collector, Collector::bytes)
        .register(metrics);
    FunctionCounter.builder(
            "polder.collector.duration.seconds", collector, c -> c.duration().toMillis() / 1000.0)
        .register(metrics);
    FunctionCounter.builder("polder.collector.versions", collector, c -> c.total().versions())
        .register(metrics);
  }

  private static void measure(Engine engine, PrometheusMeterRegistry metrics) {
    FunctionCounter.builder("polder.signed.requests", engine, it -> it.delegated().signed())
        .tag("outcome", "signed")
        .register(metrics);
    FunctionCounter.builder("polder.signed.requests", engine, it -> it.delegated().refused())
        .tag("outcome", "refused")
        .register(metrics);
    FunctionCounter.builder("polder.vended.credentials", engine, it -> it.delegated().vended())
        .register(metrics);
  }

  /** Where a space's data files are on this machine: below its tenant's own directory. */
  private static List<String> fileRoots(Warehouse warehouse, Path cache, SpaceKey space) {
    Path root =
        warehouse.isLocal()
            ? Path.of(warehouse.tenantRoot(space))
            : cache.resolve(space.tenant().value());
    return List.of(directory(root).toString());
  }

  private FlightDoor flight(
      Configuration configuration,
      Path data,
      Authenticator authenticator,
      PrometheusMeterRegistry metrics) {
    FlightTls tls =
        CertificateFiles.of(
                configuration.flight().tls(),
                configuration.flight().host(),
                () -> selfSigned(configuration, data))
            .<FlightTls>map(pem -> new FlightTls.Pem(pem.certificateChain(), pem.privateKey()))
            .orElseGet(FlightTls.Plaintext::new);
    FlightOptions defaults =
        FlightOptions.of(configuration.flight().host(), configuration.flight().port(), tls);
    return FlightDoor.start(
        new FlightOptions(
            defaults.host(),
            defaults.port(),
            defaults.tls(),
            configuration.auth().tokenTtl(),
            defaults.limits(),
            configuration.shutdown().grace()),
        engine,
        new FlightLogin(authenticator),
        metrics);
  }

  private record FlightLogin(Authenticator authenticator) implements dev.polder.door.flight.Login {
    @Override
    public Identity password(String user, Secret password, String clientAddress) {
      return authenticator.password(user, password, clientAddress);
    }

    @Override
    public Identity token(Secret token) {
      return authenticator.token(token);
    }

    @Override
    public Secret issue(Identity identity, Duration lifetime) {
      return authenticator.login(identity, lifetime).text();
    }
  }

  /** One certificate for both doors. */
  private static CertificateFiles selfSigned(Configuration configuration, Path data) {
    return CertificateFiles.selfSigned(
        data.resolve("tls"),
        List.of(configuration.http().host(), configuration.flight().host()),
        Clock.systemUTC());
  }

  private HttpListener http(
      Configuration configuration,
      Path data,
      Metastore metastore,
      Authenticator authenticator,
      PrometheusMeterRegistry metrics) {
    Optional<ListenerOptions.Tls> tls =
        CertificateFiles.of(
                configuration.http().tls(),
                configuration.http().host(),
                () -> selfSigned(configuration, data))
            .map(pem -> new ListenerOptions.Tls(pem.certificateChain(), pem.privateKey()));
    HttpAuthenticator login = new HttpLogin(authenticator);
    HttpOptions defaults = HttpOptions.defaults();
    HttpDoor sql =
        new HttpDoor(
            new HttpOptions(
                defaults.maxUploadBytes(),
                configuration.auth().sessionIdleTimeout(),
                defaults.maxSessionsPerPrincipal(),
                configuration.auth().tokenTtl()),
            new HttpServices(
                engine,
                engine.stagingArea(),
                engine.mirrorFeed(),
                login,
                this::readiness,
                metrics));
    return HttpListener.start(
        ListenerOptions.defaults()
            .listeningOn(configuration.http().host(), configuration.http().port())
            .with(tls),
        login,
        metrics,
        identity -> administers(metastore, identity),
        List.of(
            sql,
            new IcebergDoor(
                engine.catalogs(configuration.iceberg().idempotencyKeyLifetime()),
                new OAuthTokens(
                    new AccessTokens(
                        metastore, authenticator, configuration.iceberg().tokenLifetime())),
                metrics),
            new ManagementDoor(engine.management()),
            sourceDoor(),
            manifestDoor()));
  }

  private static PathRoots roots(@Nullable String directories) {
    return directories == null ? new PathRoots(List.of()) : rootsIn(directories);
  }

  private static PathRoots rootsIn(String directories) {
    return new PathRoots(
        Arrays.stream(directories.split(",", -1))
            .map(String::strip)
            .filter(directory -> !directory.isEmpty())
            .map(Path::of)
            .toList());
  }

  private SourceDoor sourceDoor() {
    SourceService service = engine.sources(sources.connectors(), sources::check);
    return new SourceDoor(() -> service);
  }

  private ManifestDoor manifestDoor() {
    ManifestService service = engine.manifests(sources.connectors(), sources::check);
    return new ManifestDoor(() -> service);
  }

  private static boolean administers(Metastore metastore, Identity identity) {
    SpaceKey any = new SpaceKey(DatabaseId.DEFAULT, identity.tenant().orElse(TenantId.DEFAULT));
    Access access = metastore.read(tx -> AccessControl.accessInWrite(tx, identity, any));
    return access.superuser() || access.clusterAdmin();
  }

  private record HttpLogin(Authenticator authenticator) implements HttpAuthenticator {
    @Override
    public Identity password(String user, Secret password, String clientAddress) {
      return authenticator.password(user, password, clientAddress);
    }

    @Override
    public Identity token(Secret token) {
      return authenticator.token(token);
    }

    @Override
    public Identity recentToken(Secret token) {
      return authenticator.recentToken(token);
    }

    @Override
    public HttpAuthenticator.Login login(Identity identity, Duration lifetime) {
      IssuedToken issued = authenticator.login(identity, lifetime);
      return new HttpAuthenticator.Login(issued.text(), issued.expiresAt().orElseThrow());
    }

    @Override
    public void logout(Identity identity) {
      authenticator.logout(identity);
    }
  }

  private Readiness readiness() {
    try {
      engine.checkReady();
      return new Readiness(true, Map.of("metastore", "up", "engine", "up"));
    } catch (PolderException e) {
      return new Readiness(false, Map.of("metastore", e.code().name()));
    }
  }

  private static URI address(String scheme, String host, int port) {
    return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }

  @Override
  public Endpoints endpoints() {
    return endpoints;
  }

  @Override
  public Optional<Secret> newAdminPassword() {
    return newAdminPassword;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    RuntimeException failure = null;
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new IllegalStateException("the server did not stop cleanly", e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
