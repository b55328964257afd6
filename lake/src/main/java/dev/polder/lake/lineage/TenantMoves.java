package dev.polder.lake.lineage;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.catalog.Origin;
import dev.polder.metastore.catalog.VersionedCollection;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.lineage.CutStore;
import dev.polder.metastore.lineage.Moment;
import dev.polder.metastore.lineage.MovePhase;
import dev.polder.metastore.lineage.TenantMove;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.JobId;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Moves a tenant's space from one database to another: rows, never files, for all databases of a
 * server lie in one warehouse. What the space was remains the history of what it is. Stateless;
 * each call belongs to the caller's write transaction.
 *
 * <p>The phases are written down as the move comes to them: preflight, drain, snapshot, cutover,
 * resume. Whoever takes a move up goes on at its phase. Until the cutover nothing has changed but
 * that others cannot write to the space, and a move that cannot go on is undone; the cutover is one
 * transaction; after it there is no way back.
 */
public final class TenantMoves {
  private TenantMoves() {}

  /** Whether the tenant is at the target already and not at the source. */
  public static boolean isDone(MetastoreTransaction tx, SpaceKey source, SpaceKey target) {
    return !tx.spaces().exists(source) && tx.spaces().exists(target);
  }

  /**
   * Takes the space.
   *
   * @param job what brings the move to its end
   */
  public static TenantMove begin(
      MetastoreTransaction tx,
      JobId job,
      SpaceKey source,
      SpaceKey target,
      Optional<PrincipalName> by,
      Duration drain) {
    requireThere(tx, source, target.database());
    return tx.moves().begin(source, target.database(), job, by, drain);
  }

  private static void requireThere(
      MetastoreTransaction tx, SpaceKey source, DatabaseId targetDatabase) {
    Database from = tx.databases().get(source.database());
    Database to = tx.databases().get(targetDatabase);
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
  }

  /** The first phase; goes on to the drain. */
  public static TenantMove preflight(MetastoreTransaction tx, TenantMove move) {
    requireHeld(tx, move, MovePhase.PREFLIGHT);
    preflight(tx, move.source(), move.destination());
    return tx.moves().advance(move, MovePhase.DRAIN);
  }

  /** No statement runs in the space any more; goes on to the snapshot. */
  public static TenantMove drained(MetastoreTransaction tx, TenantMove move) {
    requireHeld(tx, move, MovePhase.DRAIN);
    return tx.moves().advance(move, MovePhase.SNAPSHOT);
  }

  /**
   * What the third phase makes sure of: the metadata of each table and view of the space, as it is
   * and stays until the cutover.
   */
  public static List<String> snapshot(MetastoreTransaction tx, TenantMove move) {
    long seq = tx.databases().get(move.source().database()).commitSeq();
    return tx.collections().collectionsAsOf(move.source(), seq).stream()
        .map(VersionedCollection::metadataLocation)
        .toList();
  }

  /** All of the snapshot is there; goes on to the cutover. */
  public static TenantMove snapshotted(MetastoreTransaction tx, TenantMove move) {
    requireHeld(tx, move, MovePhase.SNAPSHOT);
    return tx.moves().advance(move, MovePhase.CUTOVER);
  }

  private static void requireHeld(MetastoreTransaction tx, TenantMove move, MovePhase phase) {
    if (move.phase() != phase || !tx.moves().holds(move)) {
      throw new PolderException(
          ErrorCode.CUTOVER_FAILED,
          "the move of tenant '"
              + move.source().tenant()
              + "' was ended or goes on elsewhere; SHOW JOBS tells, else try again");
    }
  }

  private static void preflight(MetastoreTransaction tx, SpaceKey source, SpaceKey target) {
    requireThere(tx, source, target.database());
    Database from = tx.databases().get(source.database());
    Database to = tx.databases().get(target.database());
    for (Database database : List.of(from, to)) {
      if (tx.mirrors().active(database.id()).isPresent()) {
        throw failed(
            to,
            database.name() + " is a mirror; ALTER DATABASE " + database.name() + " PROMOTE first");
      }
    }
    for (Role role : tx.roles().of(source)) {
      if (tx.roles().find(role.tenant(), Optional.of(to.id()), role.name()).isPresent()) {
        throw failed(
            to, "both databases have a role '" + role.name() + "' of the tenant; drop one of them");
      }
    }
    if (tx.rewrites().shares(source)) {
      throw failed(
          to,
          from.name()
              + " still needs files of the database that it was cloned from; run ALTER DATABASE "
              + from.name()
              + " MATERIALIZE first");
    }
    if (from.kind() != to.kind() || to.kind() != DatabaseKind.LAKE) {
      throw failed(to, "it is not of the kind of " + from.name() + ", a lake");
    }
    if (tx.spaces().exists(target)
        && Stream.of(CollectionKind.values())
            .anyMatch(kind -> tx.collections().count(target, kind) > 0)) {
      throw failed(to, "the tenant has tables or views there already");
    }
    if (!tx.sources().list(target).isEmpty()) {
      throw failed(to, "the tenant has sources there already");
    }
    requireAsStrict(tx, from, to, target);
    tx.quotas()
        .moveRefusal(source, to.id())
        .ifPresent(why -> {
          throw failed(to, why);
        });
  }

  /**
   * A move takes neither the audit nor the idle timeout from a tenant. Where nobody else is at the
   * target, it takes over the stricter settings; otherwise it is refused.
   */
  private static void requireAsStrict(
      MetastoreTransaction tx, Database from, Database to, SpaceKey target) {
    if (tx.spaces().all(to.id()).stream().allMatch(space -> space.key().equals(target))) {
      return;
    }
    if (from.auditDml().compareTo(to.auditDml()) > 0) {
      throw failed(
          to,
          "it audits less than "
              + from.name()
              + " and has other tenants; run ALTER DATABASE "
              + to.name()
              + " SET AUDIT_DML = '"
              + from.auditDml().word()
              + "' first");
    }
    long timeout = shorter(tx, from, to);
    if (timeout != tx.databases().idleTimeout(to.id())) {
      throw failed(
          to,
          "its sessions may be idle for longer than those of "
              + from.name()
              + " and it has other tenants; run ALTER DATABASE "
              + to.name()
              + " SET IDLE_TIMEOUT "
              + timeout
              + " first");
    }
  }

  /** The shorter idle timeout of the two; 0 is none. */
  private static long shorter(MetastoreTransaction tx, Database from, Database to) {
    long ofSource = tx.databases().idleTimeout(from.id());
    long ofTarget = tx.databases().idleTimeout(to.id());
    return ofSource == 0 || (ofTarget != 0 && ofTarget <= ofSource) ? ofTarget : ofSource;
  }

  private static void takeOverSettings(
      MetastoreTransaction tx, Database from, Database to, Optional<PrincipalName> by) {
    if (from.auditDml().compareTo(to.auditDml()) > 0) {
      tx.databases().setAuditDml(to.id(), from.auditDml());
      changed(
          tx, to, by, EventType.AUDIT_DML_CHANGED, to.auditDml().word(), from.auditDml().word());
    }
    long timeout = shorter(tx, from, to);
    long was = tx.databases().idleTimeout(to.id());
    if (timeout != was) {
      tx.databases().setIdleTimeout(to.id(), timeout);
      changed(
          tx, to, by, EventType.IDLE_TIMEOUT_CHANGED, Long.toString(was), Long.toString(timeout));
    }
  }

  private static void changed(
      MetastoreTransaction tx,
      Database database,
      Optional<PrincipalName> by,
      EventType type,
      String was,
      String is) {
    tx.audit()
        .append(
            new AuditEvent(
                Optional.of(database.id()),
                by,
                Optional.empty(),
                type,
                Optional.of(database.name().value()),
                AuditOutcome.SUCCESS,
                AuditEvent.detail(Map.of("from", was, "to", is))));
  }

  private static PolderException failed(Database to, String why) {
    return new PolderException(
        ErrorCode.PREFLIGHT_FAILED,
        "the tenant cannot be moved to " + to.name() + ": " + why + "; nothing was changed");
  }

  /**
   * The fourth phase, the atomic step; refused when the move is not the caller's any more or what
   * the preflight asked holds no longer.
   *
   * @return who owned the source and may only edit the target
   */
  public static List<String> cutOver(MetastoreTransaction tx, TenantMove move) {
    SpaceKey from = move.source();
    SpaceKey to = move.destination();
    Optional<PrincipalName> by = move.startedBy();
    requireHeld(tx, move, MovePhase.CUTOVER);
    preflight(tx, from, to);
    Database source = tx.databases().get(from.database());
    Database target = tx.databases().get(to.database());
    takeOverSettings(tx, source, target, by);
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
    // First: what is copied for roles that moved along needs no namesakes of them.
    tx.roles().move(from, to.database());
    tx.cuts().copyAccess(from, to, arrival);
    List<String> lowered = tx.cuts().moveAccess(from, to);
    tx.cuts().moveLedger(from, to, arrival);
    tx.quotas().move(from, target.id());
    CommitOutcome.Committed departure =
        tx.commits().next(source.id(), by, from.tenant(), "MOVE TENANT TO " + target.name());
    tx.cuts().clear(from, departure);
    tx.spaces().retire(from);
    TenantMove moved = tx.moves().advance(move, MovePhase.RESUME);
    String lost = String.join(", ", lowered);
    Map<String, String> detail = lost.isEmpty() ? Map.of() : Map.of("owners_made_editors", lost);
    tell(tx, moved, EventType.TENANT_MOVED, AuditOutcome.SUCCESS, detail);
    return lowered;
  }

  /** Takes back a move that was not cut over: others write to the space again. */
  public static void undo(MetastoreTransaction tx, TenantMove move, String reason) {
    requireHeld(tx, move, move.phase());
    tx.moves().end(move.source());
    tell(
        tx,
        move,
        EventType.TENANT_MOVE_UNDONE,
        AuditOutcome.FAILED,
        Map.of("phase", move.phase().word(), "reason", reason));
  }

  /** Both databases' chains are told. */
  private static void tell(
      MetastoreTransaction tx,
      TenantMove move,
      EventType type,
      AuditOutcome outcome,
      Map<String, String> more) {
    Database source = tx.databases().get(move.source().database());
    Database target = tx.databases().get(move.target());
    Map<String, String> detail = new HashMap<>(more);
    detail.put("tenant", move.source().tenant().value());
    detail.put("source", source.name().value());
    detail.put("source_database", source.id().toString());
    detail.put("target_database", target.id().toString());
    for (DatabaseId chain : List.of(target.id(), source.id())) {
      tx.audit()
          .append(
              new AuditEvent(
                  Optional.of(chain),
                  move.startedBy(),
                  Optional.of(move.source().tenant()),
                  type,
                  Optional.of(target.name().value()),
                  outcome,
                  AuditEvent.detail(detail)));
    }
  }
}
