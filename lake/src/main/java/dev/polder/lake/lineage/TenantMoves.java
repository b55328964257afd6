package dev.polder.lake.lineage;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.catalog.Origin;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.lineage.CutStore;
import dev.polder.metastore.lineage.Moment;
import dev.polder.metastore.lineage.TenantMove;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Moves a tenant's space from one database to another: rows, never files, so that both databases
 * must be of one warehouse, as all of a server's are. What the space was remains the history of
 * what it is. Stateless; each call belongs to the caller's write transaction.
 *
 * <p>The phases are preflight, drain, cutover. Until the cutover nothing has changed but that
 * others cannot write to the space; the cutover is one transaction. Whoever dies before it loses
 * the move when it expires.
 */
public final class TenantMoves {
  private TenantMoves() {}

  /** Whether the tenant is at the target already and not at the source. */
  public static boolean isDone(MetastoreTransaction tx, SpaceKey source, SpaceKey target) {
    return !tx.spaces().exists(source) && tx.spaces().exists(target);
  }

  /** Checks that it can be done, and takes the space for the time that draining may last. */
  public static TenantMove begin(
      MetastoreTransaction tx, SpaceKey source, SpaceKey target, Duration drain) {
    preflight(tx, source, target);
    return tx.moves()
        .begin(source, target.database(), TimeUnit.MILLISECONDS.toMicros(drain.toMillis()));
  }

  private static void preflight(MetastoreTransaction tx, SpaceKey source, SpaceKey target) {
    Database from = tx.databases().get(source.database());
    Database to = tx.databases().get(target.database());
    for (Database database : List.of(from, to)) {
      if (database.droppedAt().isPresent()) {
        throw new PolderException(
            ErrorCode.DATABASE_NOT_FOUND, "database " + database.name() + " was dropped");
      }
    }
    if (!tx.spaces().exists(source)) {
      throw new PolderException(
          ErrorCode.TENANT_NOT_FOUND,
          "tenant '" + source.tenant() + "' is neither in " + from.name() + " nor in " + to.name());
    }
    if (tx.rewrites().shares(source)) {
      throw failed(
          to,
          from.name()
              + " still needs files of the database that it was cloned from; run ALTER DATABASE "
              + from.name()
              + " MATERIALIZE first");
    }
    for (Database database : List.of(from, to)) {
      if (tx.mirrors().active(database.id()).isPresent()) {
        throw failed(to, database.name() + " is a mirror");
      }
    }
    if (from.kind() != to.kind() || to.kind() != DatabaseKind.LAKE) {
      throw failed(to, "it is not of the kind of " + from.name() + ", a lake");
    }
    if (tx.spaces().exists(target)
        && (tx.collections().count(target, CollectionKind.TABLE) > 0
            || tx.collections().count(target, CollectionKind.VIEW) > 0)) {
      throw failed(to, "the tenant has tables or views there already");
    }
    tx.quotas()
        .moveRefusal(source, to.id())
        .ifPresent(why -> {
          throw failed(to, why);
        });
  }

  private static PolderException failed(Database to, String why) {
    return new PolderException(
        ErrorCode.PREFLIGHT_FAILED,
        "the tenant cannot be moved to " + to.name() + ": " + why + "; nothing was changed");
  }

  /** The atomic step; refused when the move is not the caller's any more. */
  public static void cutOver(MetastoreTransaction tx, TenantMove move, Optional<PrincipalName> by) {
    SpaceKey from = move.source();
    SpaceKey to = new SpaceKey(move.target(), from.tenant());
    if (!tx.moves().holds(move)) {
      throw new PolderException(
          ErrorCode.CUTOVER_FAILED,
          "the move of tenant '" + from.tenant() + "' took too long and was given up; try again");
    }
    preflight(tx, from, to);
    Database source = tx.databases().get(from.database());
    Database target = tx.databases().get(to.database());
    tx.commits().notBefore(target.id(), source.committedAt());
    CommitOutcome.Committed arrival =
        tx.commits().next(target.id(), by, to.tenant(), "MOVE TENANT FROM " + source.name());
    if (tx.spaces().exists(to)) {
      tx.cuts().clear(to, arrival);
      tx.spaces().retire(to);
    }
    tx.spaces().create(to, arrival.seq(), new Origin(source.id(), source.commitSeq()));
    Moment moment = tx.history().after(from, source.commitSeq()).orElseThrow();
    tx.cuts()
        .copyCatalog(
            moment,
            to,
            arrival,
            table -> new CutStore.Identity(table.icebergUuid(), table.location()));
    tx.cuts().copyAccess(from, to, arrival);
    tx.cuts().moveAccess(from, to);
    tx.cuts().moveLedger(from, to, arrival);
    tx.quotas().move(from, target.id());
    CommitOutcome.Committed departure =
        tx.commits().next(source.id(), by, from.tenant(), "MOVE TENANT TO " + target.name());
    tx.cuts().clear(from, departure);
    tx.spaces().retire(from);
    tx.moves().end(from);
  }

  /** Lets others write again. */
  public static void giveUp(MetastoreTransaction tx, TenantMove move) {
    if (tx.moves().holds(move)) {
      tx.moves().end(move.source());
    }
  }
}
