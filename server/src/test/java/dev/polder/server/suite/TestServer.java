package dev.polder.server.suite;

import dev.polder.duck.NativeThreads;
import dev.polder.engine.Engine;
import dev.polder.engine.EngineOptions;
import dev.polder.engine.SessionRequest;
import dev.polder.engine.SourceProvider;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeOptions;
import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.model.IdSource;
import dev.polder.model.Secret;
import dev.polder.policy.AuditLog;
import dev.polder.policy.Authenticator;
import dev.polder.policy.AuthenticatorOptions;
import dev.polder.policy.Identity;
import dev.polder.policy.PasswordHashing;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A server without doors: engine, lake, policies and metastore over a directory, as they work
 * together in the product. Closing it lets everything go.
 */
@SuppressWarnings("try")
public final class TestServer implements AutoCloseable {
  private static final String ADMIN = "admin";
  private static final Secret ADMIN_PASSWORD = Secret.of("correct horse battery staple");

  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final Authenticator authenticator;
  private final Engine engine;
  private final Path directory;

  private TestServer(Path directory, UnaryOperator<EngineOptions> limits) {
    this.directory = directory;
    Clock clock = Clock.systemUTC();
    IdSource ids = IdSource.timeOrdered(clock);
    SqliteMetastore metastore =
        own(SqliteMetastore.open(directory.resolve("metastore.db"), clock, ids));
    AuditLog audit = own(new AuditLog(metastore));
    // Few rounds of argon2: what is judged here is what comes after a login.
    AuthenticatorOptions options =
        new AuthenticatorOptions(
            new PasswordHashing(64, 1, 1, 2, 64, 64), Optional.empty(), Duration.ofMinutes(1));
    this.authenticator = own(new Authenticator(metastore, audit, options, clock));
    authenticator.ensureAdministrator(Optional.of(ADMIN_PASSWORD));
    Warehouse warehouse = own(Warehouse.local(directory.resolve("warehouse")));
    Lake lake = own(new Lake(metastore, warehouse, ids, LakeOptions.DEFAULT));
    this.engine =
        own(
            new Engine(
                limits.apply(EngineOptions.defaults(directory)),
                metastore,
                lake,
                authenticator,
                audit,
                new NativeThreads(),
                (location, size) -> location,
                space -> java.util.List.of(warehouse.tenantRoot(space)),
                SourceProvider.NONE,
                clock));
  }

  /** Starts on what the directory holds, or on an empty metastore. */
  public static TestServer start(Path directory) {
    return start(directory, UnaryOperator.identity());
  }

  public static TestServer start(Path directory, UnaryOperator<EngineOptions> limits) {
    return new TestServer(directory, limits);
  }

  private <T extends AutoCloseable> T own(T part) {
    owned.push(part);
    return part;
  }

  public Path directory() {
    return directory;
  }

  public Engine engine() {
    return engine;
  }

  /** A session of the administrator in the default tenant's default database. */
  public TestSession admin() {
    return open(ADMIN, ADMIN_PASSWORD, Optional.empty(), Optional.empty());
  }

  public TestSession admin(String tenant, String database) {
    return open(ADMIN, ADMIN_PASSWORD, Optional.of(tenant), Optional.of(database));
  }

  /** A session of a user whose password is {@code <name>-password}. */
  public TestSession user(String name, String database) {
    return open(name, password(name), Optional.empty(), Optional.of(database));
  }

  public static Secret password(String user) {
    return Secret.of(user + "-password");
  }

  private TestSession open(
      String user, Secret password, Optional<String> tenant, Optional<String> database) {
    Identity identity = authenticator.password(user, password);
    return new TestSession(
        engine.open(new SessionRequest(identity, tenant, database, "suite", "127.0.0.1")));
  }

  @Override
  public void close() {
    try {
      while (!owned.isEmpty()) {
        owned.pop().close();
      }
    } catch (Exception e) {
      throw new IllegalStateException("the server did not stop cleanly", e);
    }
  }
}
