package dev.polder.engine;

import dev.polder.duck.DuckParser;
import dev.polder.duck.NativeThreads;
import dev.polder.engine.internal.admission.Admission;
import dev.polder.engine.internal.execute.ConstantCache;
import dev.polder.engine.internal.execute.EngineParts;
import dev.polder.engine.internal.execute.StatementCache;
import dev.polder.engine.internal.instance.SpaceInstances;
import dev.polder.engine.internal.session.Bindings;
import dev.polder.engine.internal.session.LocalSession;
import dev.polder.engine.internal.session.SessionRegistry;
import dev.polder.engine.internal.session.StatementTimer;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeOptions;
import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.model.DatabaseName;
import dev.polder.model.IdSource;
import dev.polder.model.Secret;
import dev.polder.model.TenantId;
import dev.polder.policy.AccessControl;
import dev.polder.policy.AuditLog;
import dev.polder.policy.Authenticator;
import dev.polder.policy.AuthenticatorOptions;
import dev.polder.policy.Identity;
import dev.polder.policy.PasswordHashing;
import dev.polder.sql.analyse.QueryAnalyzer;
import dev.polder.sql.authorise.Authorizer;
import dev.polder.sql.bind.Binder;
import dev.polder.sql.bind.PolicyExpression;
import dev.polder.sql.parse.ParserLimits;
import dev.polder.sql.parse.StatementParser;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;

/** An engine with all that it needs, on real files: SQLite, a local warehouse and DuckDB. */
public final class EngineHarness implements AutoCloseable {
  public static final String ADMIN_PASSWORD = "a long test password";

  private final Clock clock = Clock.systemUTC();
  private final NativeThreads threads = new NativeThreads();
  private final DuckParser parser = new DuckParser(threads);
  private final StatementTimer timer = new StatementTimer();
  private final RootAllocator memory = new RootAllocator();
  private final List<Session> opened = new ArrayList<>();
  private final EngineParts parts;

  public EngineHarness(Path directory) {
    IdSource ids = IdSource.timeOrdered(clock);
    SqliteMetastore metastore = SqliteMetastore.open(directory.resolve("metastore.db"), clock, ids);
    Lake lake =
        new Lake(
            metastore, Warehouse.local(directory.resolve("warehouse")), ids, LakeOptions.DEFAULT);
    AuditLog audit = new AuditLog(metastore);
    Authenticator authenticator =
        new Authenticator(
            metastore,
            audit,
            new AuthenticatorOptions(
                new PasswordHashing(64, 1, 1, 1, 64, 64), Optional.empty(), Duration.ofMinutes(1)),
            clock);
    authenticator.ensureAdministrator(Optional.of(Secret.of(ADMIN_PASSWORD)));
    EngineOptions options = EngineOptions.defaults(directory);
    QueryAnalyzer analyzer = new QueryAnalyzer(parser::answer);
    PolicyExpression policies = new PolicyExpression(analyzer);
    parts =
        new EngineParts(
            options,
            metastore,
            lake,
            (location, size) -> location,
            authenticator,
            new AccessControl(),
            audit,
            new StatementCache(new StatementParser(ParserLimits.DEFAULT)),
            analyzer,
            new Authorizer(analyzer),
            new Binder(policies),
            policies,
            threads,
            new Admission(4, 64, Duration.ofSeconds(30)),
            new SpaceInstances(
                threads, options, space -> List.of(lake.warehouse().tenantRoot(space)), clock),
            new SessionRegistry(options.maxSessions()),
            new ConstantCache(),
            memory,
            clock);
  }

  public EngineParts parts() {
    return parts;
  }

  /** The administrator's session in the default database. */
  public Session admin() {
    return open("admin", ADMIN_PASSWORD, Optional.empty(), Optional.empty());
  }

  public Session admin(String tenant, String database) {
    return open("admin", ADMIN_PASSWORD, Optional.of(tenant), Optional.of(database));
  }

  public Session open(String user, String password, String database) {
    return open(user, password, Optional.empty(), Optional.of(database));
  }

  public Session open(
      String user, String password, Optional<String> tenant, Optional<String> database) {
    return open(parts.authenticator().password(user, Secret.of(password)), tenant, database);
  }

  public Session open(Identity identity, Optional<String> tenant, Optional<String> database) {
    TenantId id = Bindings.tenant(parts, identity, tenant);
    Session session =
        new LocalSession(
            parts,
            timer,
            new SessionId(UUID.randomUUID()),
            identity,
            Bindings.bind(parts, identity, id, database.map(DatabaseName::new)),
            "test",
            "127.0.0.1");
    opened.add(session);
    return session;
  }

  /** Runs a statement; the rows' values by column name, none for statements without rows. */
  public static List<Map<String, Object>> run(Session session, String sql) {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (Result result = session.execute(sql, List.of(), StatementOptions.defaults())) {
      if (result instanceof Result.Rows found) {
        while (found.next()) {
          for (int row = 0; row < found.root().getRowCount(); row++) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (FieldVector vector : found.root().getFieldVectors()) {
              Object value = vector.getObject(row);
              values.put(
                  vector.getName(),
                  value instanceof org.apache.arrow.vector.util.Text text
                      ? text.toString()
                      : value);
            }
            rows.add(values);
          }
        }
      }
    }
    return rows;
  }

  /** The values of one column of what a statement answers. */
  public static List<Object> column(Session session, String sql, String column) {
    return run(session, sql).stream().map(row -> row.get(column)).toList();
  }

  @Override
  public void close() {
    opened.forEach(Session::close);
    parts.instances().close();
    parser.close();
    parts.authenticator().close();
    parts.auditLog().close();
    parts.lake().close();
    parts.metastore().close();
    timer.close();
    threads.close();
    memory.close();
  }
}
