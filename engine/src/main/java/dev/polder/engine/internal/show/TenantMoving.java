package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.execute.EngineParts;
import dev.polder.lake.lineage.TenantMoves;
import dev.polder.maintenance.Relocation;
import dev.polder.maintenance.SpaceSessions;
import dev.polder.maintenance.StatementJob;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
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

/**
 * MOVE TENANT: a superuser's work. The statement brings the move through its phases; if its server
 * dies meanwhile, a job does. While the space's running statements are waited for nobody writes
 * there; readers keep what they read. For one statement.
 */
final class TenantMoving {
  private static final Duration DRAIN = Duration.ofSeconds(30);
  private static final long LONGEST_DRAIN_SECONDS = 3_600;
  private static final String OWNER_LOWERED = "DATABASE_OWNER_LOWERED";

  private final Work work;
  private final MoveTenant statement;

  TenantMoving(Work work, MoveTenant statement) {
    this.work = work;
    this.statement = statement;
  }

  Result run() {
    Duration drain = drain();
    Optional<StatementJob> begun = work.write(tx -> begin(tx, drain));
    if (begun.isEmpty()) {
      work.context()
          .notice(
              ErrorCode.MOVE_TENANT_ALREADY_AT_TARGET.name(),
              "tenant '" + statement.tenant() + "' is in " + statement.target() + " already");
      return work.done();
    }
    EngineParts engine = work.context().engine();
    SpaceSessions others = engine.sessions().inSpaces(Optional.of(work.context().session().id()));
    List<String> lowered =
        new Relocation(engine.metastore(), engine.lake(), others)
            .finish(begun.get(), () -> work.context().cancellation().check());
    if (!lowered.isEmpty()) {
      work.context()
          .notice(
              OWNER_LOWERED,
              "others live in "
                  + statement.target()
                  + ", so that DATABASE_OWNER became DATABASE_EDITOR there for "
                  + String.join(", ", lowered)
                  + "; GRANT DATABASE_OWNER ON DATABASE "
                  + statement.target()
                  + " where that is meant");
    }
    return work.done();
  }

  private Optional<StatementJob> begin(MetastoreTransaction tx, Duration drain) {
    work.gate(tx).require(DatabaseOperation.MOVE_TENANT);
    SpaceKey source = space(tx, statement.source());
    SpaceKey target = space(tx, statement.target());
    boolean nothingToDo =
        source.equals(target) ? tx.spaces().exists(source) : TenantMoves.isDone(tx, source, target);
    return nothingToDo
        ? Optional.empty()
        : Optional.of(Relocation.begin(tx, source, target, work.actor().name(), drain));
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
}
