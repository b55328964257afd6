package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.internal.session.LocalSession;
import dev.polder.engine.internal.session.SessionRegistry;
import dev.polder.lake.lineage.TenantMoves;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.lineage.TenantMove;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.policy.DatabaseOperation;
import dev.polder.sql.statement.DatabaseStatement.MoveTenant;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * MOVE TENANT: a superuser's work. While it waits for the space's running statements nobody writes
 * there; readers keep what they read. If this server dies meanwhile, the space stays where it was
 * and takes writes again when the move expires. For one statement.
 */
final class TenantMoving {
  private static final Duration DRAIN = Duration.ofSeconds(30);
  private static final long LONGEST_DRAIN_SECONDS = 3_600;

  /** What the cutover may take after the longest drain. */
  private static final Duration CUTOVER = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Work work;
  private final MoveTenant statement;

  TenantMoving(Work work, MoveTenant statement) {
    this.work = work;
    this.statement = statement;
  }

  Result run() {
    Duration drain = drain();
    Optional<TenantMove> begun = work.write(tx -> begin(tx, drain));
    if (begun.isEmpty()) {
      work.context()
          .notice(
              ErrorCode.MOVE_TENANT_ALREADY_AT_TARGET.name(),
              "tenant '" + statement.tenant() + "' is in " + statement.target() + " already");
      return work.done();
    }
    TenantMove move = begun.get();
    try {
      awaitStatements(move.source(), drain);
      work.write(tx -> {
        TenantMoves.cutOver(tx, move, Optional.of(work.actor().name()));
        Audit.changed(
            tx,
            work.actor(),
            move.target(),
            Optional.of(statement.tenant()),
            EventType.TENANT_MOVED,
            statement.target().value(),
            Map.of(
                "tenant",
                statement.tenant().value(),
                "source",
                statement.source().value(),
                "source_database",
                move.source().database().toString()));
        return move;
      });
    } catch (RuntimeException e) {
      work.write(tx -> {
        TenantMoves.giveUp(tx, move);
        return move;
      });
      throw e;
    }
    sessions(move.source()).forEach(listed -> listed.session().close());
    return work.done();
  }

  private Optional<TenantMove> begin(MetastoreTransaction tx, Duration drain) {
    work.gate(tx).require(DatabaseOperation.MOVE_TENANT);
    SpaceKey source = space(tx, statement.source());
    SpaceKey target = space(tx, statement.target());
    boolean nothingToDo =
        source.equals(target) ? tx.spaces().exists(source) : TenantMoves.isDone(tx, source, target);
    return nothingToDo
        ? Optional.empty()
        : Optional.of(TenantMoves.begin(tx, source, target, drain.plus(CUTOVER)));
  }

  private SpaceKey space(MetastoreTransaction tx, DatabaseName name) {
    Database database =
        tx.databases().find(name).orElseThrow(() -> DatabaseStatements.notFound(name));
    return new SpaceKey(database.id(), statement.tenant());
  }

  private Duration drain() {
    Duration drain = DRAIN;
    for (Map.Entry<String, String> option : statement.options().entrySet()) {
      if (!option.getKey().equalsIgnoreCase("drain_timeout")
          || !option.getValue().matches("[0-9]{1,4}")
          || Long.parseLong(option.getValue()) > LONGEST_DRAIN_SECONDS) {
        throw new PolderException(
            ErrorCode.INVALID_PARAMETER,
            "MOVE TENANT takes drain_timeout, in seconds up to " + LONGEST_DRAIN_SECONDS);
      }
      drain = Duration.ofSeconds(Long.parseLong(option.getValue()));
    }
    return drain;
  }

  private void awaitStatements(SpaceKey space, Duration drain) {
    long end = System.nanoTime() + drain.toNanos();
    while (true) {
      List<Session> busy =
          sessions(space)
              .filter(listed -> listed.running().isPresent())
              .map(SessionRegistry.Listed::session)
              .toList();
      if (busy.isEmpty()) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new PolderException(
            ErrorCode.DRAIN_TIMEOUT,
            busy.size()
                + " statements of tenant '"
                + space.tenant()
                + "' still ran after "
                + drain.toSeconds()
                + " s, such as in session "
                + busy.getFirst().id()
                + "; nothing was changed; end them with KILL QUERY, or try again later");
      }
      work.context().cancellation().check();
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** This server's sessions in the space, but for the one that moves it. */
  private Stream<SessionRegistry.Listed> sessions(SpaceKey space) {
    return work.context().engine().sessions().all().stream()
        .filter(
            listed -> listed.session() instanceof LocalSession local && local.space().equals(space))
        .filter(listed -> !listed.session().id().equals(work.context().session().id()));
  }
}
