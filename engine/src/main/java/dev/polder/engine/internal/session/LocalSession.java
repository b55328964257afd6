package dev.polder.engine.internal.session;

import dev.polder.duck.Cancellation;
import dev.polder.engine.Description;
import dev.polder.engine.IngestRequest;
import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.SessionId;
import dev.polder.engine.StatementOptions;
import dev.polder.engine.Traffic;
import dev.polder.engine.internal.dml.IngestExecution;
import dev.polder.engine.internal.execute.EngineParts;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.engine.internal.execute.StatementExecutor;
import dev.polder.engine.internal.execute.Trail;
import dev.polder.engine.internal.quota.Connections;
import dev.polder.metastore.quota.QuotaBound;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.Notice;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.AuditLog;
import dev.polder.policy.Identity;
import dev.polder.sql.statement.Rollback;
import dev.polder.sql.statement.SqlText;
import dev.polder.sql.statement.Statement;
import dev.polder.sql.statement.Use;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session in this process. */
public final class LocalSession implements Session, SessionRegistry.Listed {
  private static final Logger LOG = LoggerFactory.getLogger(LocalSession.class);

  private final EngineParts engine;
  private final SessionState state;
  private final StatementTimer timer;
  private final String door;
  private final String clientAddress;
  private final long openedAt;
  private final ReentrantLock lock = new ReentrantLock();
  private final ConcurrentHashMap<UUID, Running> running = new ConcurrentHashMap<>();

  private final StatementCount count = new StatementCount();
  private volatile List<Notice> notices = List.of();
  private volatile long lastUsed;
  private volatile long transactionSince = Long.MAX_VALUE;
  private volatile boolean closed;

  /** Why the session is closed, or will be before its next statement. */
  private volatile @Nullable ErrorCode end;

  private final Traffic traffic = new Traffic();

  /** A statement that has not ended; rows that are not closed keep it running. */
  private record Running(
      Cancellation cancellation, String text, StatementTimer.Limit limit, long startedAt) {}

  /** What a statement is given to run with. */
  private static final class Attempt {
    private final Cancellation cancellation;
    private final Runnable ended;
    private final Trail trail;
    private boolean sparesTransaction;

    /** What kind of statement it is, once that is known. */
    private String kind = "STATEMENT";

    Attempt(Cancellation cancellation, Runnable ended, Trail trail) {
      this.cancellation = cancellation;
      this.ended = ended;
      this.trail = trail;
    }
  }

  /** A session just bound; it is listed until it is closed. */
  public LocalSession(
      EngineParts engine,
      StatementTimer timer,
      SessionId id,
      Identity identity,
      SessionState.Binding binding,
      Connections.Permit permit,
      String door,
      String clientAddress) {
    this.engine = engine;
    this.timer = timer;
    this.state = new SessionState(id, identity, binding, permit);
    this.door = door;
    this.clientAddress = clientAddress;
    this.openedAt = engine.clock().millis() * 1_000;
    this.lastUsed = engine.clock().millis();
    engine.sessions().add(this);
  }

  @Override
  public SessionId id() {
    return state.id();
  }

  @Override
  public Identity identity() {
    return state.identity();
  }

  @Override
  public TenantId tenant() {
    return state.space().tenant();
  }

  @Override
  public DatabaseName database() {
    return state.database();
  }

  @Override
  public SpaceKey space() {
    return state.space();
  }

  /** The right of another session of this client to be where this one is. */
  public Connections.Permit sharePermit() {
    return state.permit().share();
  }

  /** Refuses when the login or the right to be in this database is gone. */
  public void requireBound() {
    Bindings.requireBound(engine, state.identity(), state.space());
  }

  @Override
  public Result execute(String sql, List<@Nullable Object> parameters, StatementOptions options) {
    return running(
        sql,
        options,
        attempt -> {
          admitExecution(attempt, sql);
          Statement statement = engine.statements().parse(sql);
          attempt.kind = statement.statementKind();
          requireUsableTransaction(statement);
          // A USE that is refused leaves everything as it was.
          attempt.sparesTransaction = statement instanceof Use;
          StatementContext context =
              StatementContext.of(engine, state, attempt.cancellation, parameters, attempt.trail);
          Result result = StatementExecutor.execute(context, statement, attempt.ended);
          notices = result.notices();
          return result;
        },
        result -> result instanceof dev.polder.engine.internal.result.StreamedRows);
  }

  @Override
  public List<String> split(String sql) {
    return engine.statements().parser().split(sql).stream().map(SqlText::toString).toList();
  }

  @Override
  public Description describe(String sql) {
    return running(
        sql,
        StatementOptions.defaults(),
        attempt -> {
          admitDescription(attempt, sql);
          Statement statement = engine.statements().parse(sql);
          attempt.kind = statement.statementKind();
          requireUsableTransaction(statement);
          return StatementExecutor.describe(
              StatementContext.of(engine, state, attempt.cancellation, List.of(), attempt.trail),
              statement);
        },
        description -> false);
  }

  @Override
  public long ingest(IngestRequest request, ArrowReader data) {
    return running(
        "INGEST " + request.table(),
        StatementOptions.defaults(),
        attempt -> {
          attempt.kind = "INGEST";
          admit(attempt, "");
          return IngestExecution.run(
              StatementContext.of(engine, state, attempt.cancellation, List.of(), attempt.trail),
              request,
              data);
        },
        count -> false);
  }

  /**
   * Runs work as a statement: in turn, cancellable, within its time, its errors audited.
   *
   * @param open whether the statement goes on after the work returns; its {@code ended} ends it
   *     then
   */
  private <T> T running(
      String text, StatementOptions options, Function<Attempt, T> work, Function<T, Boolean> open) {
    Trail trail = new Trail();
    List<Consumer<AuditLog>> reports = new ArrayList<>(List.of(trail::report));
    T result;
    try {
      result = inTurn(text, options, work, open, trail, reports);
    } catch (RuntimeException e) {
      try {
        report(reports);
      } catch (PolderException untold) {
        untold.addSuppressed(e);
        throw untold;
      }
      throw e;
    }
    try {
      report(reports);
    } catch (PolderException untold) {
      if (result instanceof Result answer) {
        answer.close();
      }
      throw untold;
    }
    return result;
  }

  /** The trail may have to wait for the metastore: meanwhile the session can be closed. */
  private void report(List<Consumer<AuditLog>> reports) {
    reports.forEach(report -> report.accept(engine.auditLog()));
  }

  private <T> T inTurn(
      String text,
      StatementOptions options,
      Function<Attempt, T> work,
      Function<T, Boolean> open,
      Trail trail,
      List<Consumer<AuditLog>> reports) {
    lock.lock();
    try {
      requireOpen(reports);
      lastUsed = engine.clock().millis();
      long startedAt = lastUsed * 1_000;
      Cancellation cancellation = new Cancellation();
      UUID id = options.statement();
      StatementTimer.Limit limit = limit(cancellation, options);
      Runnable ended =
          () -> {
            limit.close();
            running.remove(id);
            lastUsed = engine.clock().millis();
            closeIfDue();
          };
      Attempt attempt = new Attempt(cancellation, ended, trail);
      running.put(id, new Running(cancellation, text, limit, startedAt));
      boolean stays = false;
      try {
        T result = work.apply(attempt);
        stays = open.apply(result);
        return result;
      } catch (PolderException e) {
        PolderException shown = engine.quotaErrors().apply(state.space(), e);
        failed(shown, text, attempt).ifPresent(reports::add);
        throw shown;
      } catch (RuntimeException e) {
        PolderException shown = unexpected(e);
        failed(shown, text, attempt).ifPresent(reports::add);
        throw shown;
      } catch (StackOverflowError e) {
        PolderException shown =
            new PolderException(
                ErrorCode.STATEMENT_TOO_COMPLEX, "the statement nests too deep; simplify it", e);
        failed(shown, text, attempt).ifPresent(reports::add);
        throw shown;
      } finally {
        transactionSince = inTransaction() ? Math.min(transactionSince, startedAt) : Long.MAX_VALUE;
        if (!stays) {
          ended.run();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void admitExecution(Attempt attempt, String sql) {
    if (count.execution(sql)) {
      admit(attempt, sql);
    }
  }

  private void admitDescription(Attempt attempt, String sql) {
    if (count.description(sql)) {
      admit(attempt, sql);
      count.took(sql);
    }
  }

  private void admit(Attempt attempt, String sql) {
    if (!StatementCount.isExempt(sql)) {
      // One that comes too soon leaves the transaction as it was.
      attempt.sparesTransaction = true;
      engine.quotas().admit(state.space());
      attempt.sparesTransaction = false;
    }
  }

  private StatementTimer.Limit limit(Cancellation cancellation, StatementOptions options) {
    Duration limit = timeLimit(options);
    Optional<QuotaBound> quota =
        engine
            .quotas()
            .statementTime(state.space())
            .filter(bound -> limit.compareTo(Duration.ofSeconds(bound.limit())) > 0);
    if (quota.isEmpty()) {
      return timer.limit(cancellation, limit);
    }
    PolderException exceeded =
        quota.get().exceeded(ErrorCode.STATEMENT_TIME_QUOTA_EXCEEDED, "the statement ran too long");
    return timer.limit(cancellation, Duration.ofSeconds(quota.get().limit()), exceeded);
  }

  private Duration timeLimit(StatementOptions options) {
    Duration limit = engine.options().statementTimeout();
    for (Optional<Duration> shorter :
        List.of(options.timeout(), state.settings().statementTimeout())) {
      if (shorter.isPresent() && shorter.get().compareTo(limit) < 0) {
        limit = shorter.get();
      }
    }
    return limit;
  }

  private void requireUsableTransaction(Statement statement) {
    boolean ends =
        statement instanceof Rollback
            || statement instanceof dev.polder.sql.statement.Commit
            || statement instanceof Use;
    if (!ends && state.transaction().filter(SessionState.OpenTransaction::failed).isPresent()) {
      throw new PolderException(
          ErrorCode.TRANSACTION_ABORTED,
          "the transaction has failed; statements are ignored until ROLLBACK");
    }
  }

  /** Gives what the trail is to be told. */
  private Optional<Consumer<AuditLog>> failed(PolderException e, String text, Attempt attempt) {
    if (!attempt.sparesTransaction) {
      state.transaction().ifPresent(SessionState.OpenTransaction::fail);
    }
    return switch (e.code()) {
      case ACCESS_DENIED, FUNCTION_NOT_ALLOWED ->
          Optional.of(SessionEvents.denial(state, e, text, attempt.kind));
      // Other failures are the user's own business.
      default -> Optional.empty();
    };
  }

  private static PolderException unexpected(RuntimeException e) {
    if (e instanceof OutOfMemoryException) {
      return new PolderException(
          ErrorCode.OUT_OF_MEMORY,
          "results on their way to clients fill their memory; read results faster or try again",
          e);
    }
    UUID id = UUID.randomUUID();
    LOG.error("internal error {}", id, e);
    return new PolderException(
        ErrorCode.INTERNAL_ERROR, "internal error " + id + "; the server's log has more", e);
  }

  @Override
  public boolean inTransaction() {
    return state.transaction().isPresent();
  }

  @Override
  public boolean runs(UUID statement) {
    return running.containsKey(statement);
  }

  @Override
  public boolean cancel(UUID statement) {
    Running found = running.get(statement);
    if (found == null) {
      return false;
    }
    found.cancellation().cancel();
    return true;
  }

  @Override
  public void cancel() {
    running.values().forEach(statement -> statement.cancellation().cancel());
  }

  @Override
  public List<Notice> notices() {
    return notices;
  }

  @Override
  public Session session() {
    return this;
  }

  @Override
  public String door() {
    return door;
  }

  @Override
  public String clientAddress() {
    return clientAddress;
  }

  @Override
  public long openedAtMicros() {
    return openedAt;
  }

  @Override
  public long lastUsedMillis() {
    return running.isEmpty() ? lastUsed : engine.clock().millis();
  }

  @Override
  public OptionalLong oldestWorkMicros() {
    long oldest =
        running.values().stream().mapToLong(Running::startedAt).reduce(transactionSince, Math::min);
    return oldest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(oldest);
  }

  @Override
  public Optional<String> running() {
    return running.values().stream().map(Running::text).findFirst().map(LocalSession::shortened);
  }

  private static String shortened(String text) {
    String start = text.strip();
    String upper =
        start.substring(0, Math.min(7, start.length())).toUpperCase(java.util.Locale.ROOT);
    // Statements that may carry passwords are named by their first words only.
    if (upper.startsWith("CREATE ") || upper.startsWith("ALTER ")) {
      return start.substring(0, Math.min(start.length(), 16)).strip() + " …";
    }
    return start.length() > 500 ? start.substring(0, 500) + "…" : start;
  }

  @Override
  public long bindings() {
    return state.bindings();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public Traffic traffic() {
    return traffic;
  }

  @Override
  public Optional<String> runningText() {
    return running.values().stream().map(Running::text).findFirst();
  }

  @Override
  public void end(ErrorCode why) {
    due(why);
    closeIfDue();
  }

  @Override
  public void expire(Duration idle) {
    boolean expired = false;
    if (lock.tryLock()) {
      try {
        if (!closed && idleFor(idle)) {
          expired = due(ErrorCode.SESSION_IDLE_TIMEOUT);
          closeIfDue();
        }
      } finally {
        lock.unlock();
      }
    }
    if (expired) {
      SessionEvents.idleTimeout(state, door).accept(engine.auditLog());
    }
  }

  private boolean idleFor(Duration time) {
    return running.isEmpty() && engine.clock().millis() - lastUsed > time.toMillis();
  }

  /** False: something else ended it before. */
  private synchronized boolean due(ErrorCode why) {
    if (end != null) {
      return false;
    }
    end = why;
    return true;
  }

  /** Closes a session that is to end, unless a statement runs: that closes it when it is done. */
  private void closeIfDue() {
    if (end != null && running.isEmpty() && lock.tryLock()) {
      try {
        if (running.isEmpty()) {
          shut();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Between two statements: the place where sessions end. */
  private void requireOpen(List<Consumer<AuditLog>> reports) {
    if (end == null && isOverIdleTimeout() && due(ErrorCode.SESSION_IDLE_TIMEOUT)) {
      reports.add(SessionEvents.idleTimeout(state, door));
    }
    ErrorCode why = end;
    if (why != null) {
      closeIfDue();
      throw new PolderException(why, reason(why));
    }
  }

  private boolean isOverIdleTimeout() {
    // The limit is in whole seconds: a session in use need not look it up.
    if (!idleFor(Duration.ofSeconds(1))) {
      return false;
    }
    long seconds =
        engine.metastore().read(tx -> tx.databases().idleTimeout(state.space().database()));
    return seconds > 0 && idleFor(Duration.ofSeconds(seconds));
  }

  private static String reason(ErrorCode why) {
    return switch (why) {
      case SESSION_KILLED -> "the session was ended by KILL SESSION; open another one";
      case SESSION_IDLE_TIMEOUT ->
          "the session was idle for longer than its database allows; open another one";
      case DATABASE_NOT_FOUND ->
          "the session has ended: its tenant was removed from the database or moved away; open"
              + " another one";
      default -> "the session is closed; open another one";
    };
  }

  @Override
  public void close() {
    due(ErrorCode.SESSION_CLOSED);
    running
        .values()
        .forEach(statement -> statement.cancellation().cancel(ErrorCode.STATEMENT_CANCELLED));
    lock.lock();
    try {
      shut();
    } finally {
      lock.unlock();
    }
  }

  private void shut() {
    closed = true;
    engine.sessions().remove(state.id());
    state.transaction().ifPresent(SessionState.OpenTransaction::close);
    state.end();
    state.permit().close();
  }
}
