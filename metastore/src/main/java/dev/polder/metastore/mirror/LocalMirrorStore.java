package dev.polder.metastore.mirror;

import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Origin;
import dev.polder.metastore.catalog.Space;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.internal.Transaction;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.CutStore;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.metastore.lineage.Lineage;
import dev.polder.metastore.lineage.LineageKind;
import dev.polder.metastore.lineage.Moment;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Mirrors of databases of the same server: a mirror is a clone whose cut moves on with its source's
 * commits. It has the source's commit numbers and times, points at the source's files, and has no
 * history of its own: what was before is looked up in the source. Promoted, it is a clone that was
 * cut after the last commit applied. Bound to one transaction.
 */
public final class LocalMirrorStore {
  private final Transaction tx;

  public LocalMirrorStore(Transaction tx) {
    this.tx = tx;
  }

  /** Makes a database that holds the source's newest state and follows it. */
  public Database create(
      DatabaseName name,
      Database source,
      MirrorMode mode,
      long syncTimeoutMicros,
      TimeoutAction onTimeout,
      String warehouseRoot) {
    Database made = tx.databases().create(name, source.kind(), source.properties());
    tx.databases().setDefaults(made.id(), source.defaultDatabase(), source.defaultSchema());
    tx.lineage()
        .link(
            new Lineage(
                made.id(),
                source.id(),
                LineageKind.MIRROR,
                source.commitSeq(),
                source.commitSeq() + 1,
                tx.now()));
    Mirror mirror =
        new Mirror(
            made.id(),
            Optional.empty(),
            Optional.of(source.id()),
            source.name(),
            mode,
            syncTimeoutMicros,
            onTimeout,
            MirrorState.FOLLOWING,
            warehouseRoot,
            1,
            source.commitSeq(),
            source.commitSeq(),
            tx.now(),
            tx.now(),
            0,
            tx.grants().epoch(),
            0,
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            tx.now());
    tx.mirrors().create(mirror);
    cut(mirror, source);
    access(mirror, source.id(), false);
    return tx.databases().get(made.id());
  }

  /** Takes the source's newest state over as a whole. */
  private void cut(Mirror mirror, Database source) {
    CommitOutcome.Committed as =
        new CommitOutcome.Committed(source.commitSeq(), source.committedAt());
    for (Space space : tx.spaces().all(source.id())) {
      SpaceKey to = new SpaceKey(mirror.database(), space.key().tenant());
      Optional<Moment> moment = tx.history().after(space.key(), source.commitSeq());
      if (moment.isPresent()) {
        if (!tx.spaces().exists(to)) {
          tx.spaces().create(to, as.seq() + 1, new Origin(source.id(), as.seq()));
        }
        tx.cuts()
            .copyCatalog(
                moment.get(),
                to,
                as,
                table -> {
                  UUID uuid = tx.newId();
                  return new CutStore.Identity(uuid.toString(), location(mirror, to, uuid));
                });
        tx.cuts().shareLedger(space.key(), to, as);
      }
    }
    moveTo(mirror.database(), as);
  }

  static String location(Mirror mirror, SpaceKey space, UUID uuid) {
    return mirror.root() + "/" + space.tenant() + "/" + space.database() + "/" + uuid;
  }

  private void moveTo(DatabaseId mirror, CommitOutcome.Committed as) {
    tx.sql()
        .update(
            "UPDATE database_ SET commit_seq = ?, committed_at = ?, history_seq = ? WHERE id = ?",
            as.seq(),
            as.committedAt(),
            as.seq(),
            mirror);
    tx.sql()
        .update(
            "UPDATE space SET first_seq = ?, origin_seq = ? WHERE database_id = ?",
            as.seq() + 1,
            as.seq(),
            mirror);
    tx.sql()
        .update(
            "UPDATE lineage SET parent_seq = ?, first_seq = ? WHERE child_id = ?",
            as.seq(),
            as.seq() + 1,
            mirror);
  }

  /** The mirror with what its source, if that is in this server, has by now. */
  public Mirror observed(Mirror mirror) {
    Optional<Database> source = mirror.sourceId().flatMap(tx.databases()::find);
    if (source.isEmpty()) {
      return mirror;
    }
    boolean gone = source.get().droppedAt().isPresent();
    boolean behind = source.get().commitSeq() > mirror.lastApplied();
    long since =
        behind
            ? tx.sql()
                .one(
                    "SELECT committed_at FROM commit_log WHERE database_id = ? AND seq > ? ORDER"
                        + " BY seq LIMIT 1",
                    row -> row.integer(),
                    source.get().id(),
                    mirror.lastApplied())
                .orElse(mirror.currentAt())
            : gone ? source.get().droppedAt().getAsLong() : tx.now();
    return mirror.observed(source.get().commitSeq(), since, gone);
  }

  /** Whether there is something to follow: cheap, for who asks often. */
  public boolean isBehind(Mirror mirror) {
    return mirror
        .sourceId()
        .flatMap(tx.databases()::find)
        .filter(source -> source.droppedAt().isEmpty())
        .filter(source ->
            source.commitSeq() > mirror.lastApplied()
                || tx.grants().epoch() != mirror.accessEpoch())
        .isPresent();
  }

  /**
   * Applies the source's next commits, in their order and each as a whole, and what is granted at
   * the source by now. Commits that the source keeps no more are made up for by taking its newest
   * state over as a whole, never left out.
   *
   * @return how many commits were applied
   */
  public int follow(DatabaseId database, int limit) {
    Optional<Mirror> found =
        tx.mirrors().active(database).filter(it -> it.state() == MirrorState.FOLLOWING);
    if (found.isEmpty() || !isBehind(found.get())) {
      return 0;
    }
    Mirror mirror = found.get();
    Database source = tx.databases().get(mirror.sourceId().orElseThrow());
    long applied = mirror.lastApplied();
    int count = 0;
    if (source.historySeq() > applied + 1) {
      for (Space space : tx.spaces().all(database)) {
        tx.cuts()
            .clear(
                space.key(), new CommitOutcome.Committed(source.commitSeq(), source.committedAt()));
      }
      cut(mirror, source);
      applied = source.commitSeq();
      count = 1;
    } else {
      for (DatabaseCommit commit : tx.changes().after(source.id(), applied, limit)) {
        apply(mirror, source.id(), commit);
        applied = commit.seq();
        count++;
      }
    }
    boolean caughtUp = applied == source.commitSeq();
    access(mirror, source.id(), !caughtUp);
    // What was granted on tables that are not here yet is taken over with them.
    long epoch = caughtUp ? tx.grants().epoch() : mirror.accessEpoch();
    if (!tx.mirrors().advance(mirror, applied, source.commitSeq(), epoch)) {
      throw new IllegalStateException("mirror " + database + " moved within a transaction");
    }
    if (caughtUp && mirror.mode() == MirrorMode.SYNC && mirror.error().isPresent()) {
      tell(mirror, EventType.MIRROR_RECOVERED, Map.of());
    }
    return count;
  }

  private void tell(Mirror mirror, EventType type, Map<String, String> detail) {
    tx.audit()
        .append(
            new AuditEvent(
                mirror.sourceId(),
                Optional.empty(),
                Optional.empty(),
                type,
                Optional.of(tx.databases().get(mirror.database()).name().value()),
                AuditOutcome.SUCCESS,
                AuditEvent.detail(detail)));
  }

  private void access(Mirror mirror, DatabaseId source, boolean behind) {
    tx.takeovers().mirrorAccess(mirror.database(), tx.changes().access(source), false, behind);
  }

  private void apply(Mirror mirror, DatabaseId source, DatabaseCommit commit) {
    CommitOutcome.Committed as = new CommitOutcome.Committed(commit.seq(), commit.committedAt());
    MovingCut cut = new MovingCut(tx, mirror, new Origin(source, commit.seq()), as);
    commit.schemas().forEach(cut::releaseSchema);
    commit.schemas().stream().filter(it -> !it.dropped()).forEach(cut::schema);
    List<CollectionState> changed =
        commit.collections().stream().filter(it -> !it.rewritten()).toList();
    changed.forEach(cut::release);
    changed.forEach(cut::put);
    commit.collections().stream().filter(CollectionState::rewritten).forEach(cut::rewrite);
    moveTo(mirror.database(), as);
  }

  /**
   * Follows at once wherever a commit of one of the databases must not leave a mirror behind. Where
   * a mirror cannot, the commit fails or goes on without it, as the mirror says; one that was left
   * behind is synchronous again with the first commit that it can take.
   */
  public void followSynchronously(Iterable<DatabaseId> sources) {
    for (DatabaseId source : sources) {
      for (Mirror mirror : tx.mirrors().synchronous(source)) {
        followSynchronously(mirror);
      }
    }
  }

  private void followSynchronously(Mirror mirror) {
    tx.sql().update("SAVEPOINT mirror_");
    try {
      follow(mirror.database(), Integer.MAX_VALUE);
    } catch (IllegalStateException | PolderException e) {
      if (e instanceof PolderException known
          && (known.code() == ErrorCode.METASTORE_UNAVAILABLE
              || known.code() == ErrorCode.TRANSACTION_CONFLICT)) {
        throw e; // The whole commit is tried again.
      }
      tx.sql().update("ROLLBACK TO SAVEPOINT mirror_");
      String name = tx.databases().get(mirror.database()).name().value();
      if (mirror.onTimeout() == TimeoutAction.FAIL) {
        throw new PolderException(
            ErrorCode.MIRROR_SYNC_TIMEOUT,
            "the commit was undone: its synchronous mirror "
                + name
                + " cannot take it; drop the mirror, or make one WITH (on_timeout = 'degrade')",
            e);
      }
      if (mirror.error().isEmpty()) {
        tell(mirror, EventType.MIRROR_DEGRADED, Map.of("reason", String.valueOf(e.getMessage())));
      }
      tx.mirrors().failed(mirror, "left behind by a commit: " + e.getMessage());
    }
    tx.sql().update("RELEASE SAVEPOINT mirror_");
  }

  /**
   * What became of a mirror. Immutable.
   *
   * @param was the mirror as it was
   * @param takenOver commits that it had staged and whose outcome nobody could tell
   */
  public record Promoted(Mirror was, int takenOver) {}

  /**
   * Lets the mirror be written: from here on it is a clone that was cut after the last commit that
   * it has applied, or a database of its own, with all that it had staged for its source.
   *
   * @param alive the staged commits that the source has not given up; empty: nobody could ask it
   */
  public Promoted promote(
      DatabaseId id,
      Optional<PrincipalName> by,
      TenantId tenant,
      Optional<? extends Collection<String>> alive) {
    Mirror mirror = tx.mirrors().get(id);
    if (mirror.state() == MirrorState.PROMOTED) {
      return new Promoted(mirror, 0);
    }
    tx.mirrors().requireComplete(mirror);
    int takenOver = tx.staged().takeOver(mirror, alive);
    tx.mirrors().fence(id, MirrorState.PROMOTED);
    tx.lineage().becomeClone(id);
    tx.commits().next(id, by, tenant, "PROMOTE DATABASE AT " + mirror.lastApplied());
    return new Promoted(mirror, takenOver);
  }

  /** Ends the following of a mirror whose source goes away; it stays readable as it is. */
  public void detach(DatabaseId id) {
    tx.mirrors().fence(id, MirrorState.DETACHED);
    tx.lineage().becomeClone(id);
  }
}
