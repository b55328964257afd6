package dev.polder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.duck.NativeThreads;
import dev.polder.lake.BackupOptions;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeOptions;
import dev.polder.lake.backup.BackupPlaces;
import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.SqliteMetastore;
import dev.polder.model.ErrorCode;
import dev.polder.model.IdSource;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import dev.polder.policy.AuditLog;
import dev.polder.policy.Authenticator;
import dev.polder.policy.AuthenticatorOptions;
import dev.polder.policy.Identity;
import dev.polder.policy.PasswordHashing;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.vector.FieldVector;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** An engine with all that it needs, on real files: SQLite, a local warehouse and DuckDB. */
public final class EngineHarness implements AutoCloseable {
  public static final String ADMIN_PASSWORD = "a long test password";

  private final SqliteMetastore metastore;
  private final Lake lake;
  private final AuditLog audit;
  private final Authenticator authenticator;
  private final Engine engine;

  public EngineHarness(Path directory) {
    this(directory, Clock.systemUTC());
  }

  public EngineHarness(Path directory, Clock clock) {
    this(directory, clock, SourceProvider.NONE);
  }

  /**
   * @param sources reaches sources
   */
  public EngineHarness(Path directory, Clock clock, SourceProvider sources) {
    IdSource ids = IdSource.timeOrdered(clock);
    metastore = SqliteMetastore.open(directory.resolve("metastore.db"), clock, ids);
    lake =
        new Lake(
            metastore,
            Warehouse.local(directory.resolve("warehouse")),
            ids,
            LakeOptions.DEFAULT.with(
                directory.resolve("secret.key"), false, LakeOptions::authorities, false),
            Optional.of(
                new BackupOptions(
                    new BackupPlaces(
                        directory.resolve("backups"), Optional.empty(), Optional.empty()),
                    directory.resolve("backup.key"))));
    audit = new AuditLog(metastore);
    authenticator =
        new Authenticator(
            metastore,
            audit,
            new AuthenticatorOptions(
                new PasswordHashing(64, 1, 1, 1, 64, 64), Optional.empty(), Duration.ofMinutes(1)),
            clock);
    authenticator.ensureAdministrator(Optional.of(Secret.of(ADMIN_PASSWORD)));
    engine =
        new Engine(
            EngineOptions.defaults(directory),
            metastore,
            lake,
            authenticator,
            audit,
            new NativeThreads(),
            (location, size) -> location,
            space -> List.of(lake.warehouse().tenantRoot(space)),
            sources,
            clock);
  }

  public Engine engine() {
    return engine;
  }

  public SqliteMetastore metastore() {
    return metastore;
  }

  public Lake lake() {
    return lake;
  }

  public Authenticator authenticator() {
    return authenticator;
  }

  public AuditLog audit() {
    return audit;
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
    return open(authenticator.password(user, Secret.of(password)), tenant, database);
  }

  public Session open(Identity identity, Optional<String> tenant, Optional<String> database) {
    return engine.open(new SessionRequest(identity, tenant, database, "test", "127.0.0.1"));
  }

  /** Asserts that the call fails with the code. */
  public static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
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
    engine.close();
    authenticator.close();
    audit.close();
    lake.close();
    metastore.close();
  }
}
