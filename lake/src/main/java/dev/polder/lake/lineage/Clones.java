package dev.polder.lake.lineage;

import dev.polder.lake.TimeTravel;
import dev.polder.lake.io.Warehouse;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Origin;
import dev.polder.metastore.catalog.Space;
import dev.polder.metastore.commit.CommitInfo;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.lineage.CutStore;
import dev.polder.metastore.lineage.Lineage;
import dev.polder.metastore.lineage.LineageKind;
import dev.polder.metastore.lineage.Moment;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Makes databases that begin with another one's state: rows that point at the source's files, at
 * one commit for all tables. The clone's commits go on from the number of that commit. Thread-safe.
 */
public final class Clones {
  /** How many clones of clones there may be above one another. */
  public static final int MAX_DEPTH = 8;

  private final Warehouse warehouse;

  public Clones(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /** Clones in the caller's write transaction; the right to do so is the caller's to check. */
  public Database create(MetastoreTransaction tx, CloneRequest request) {
    Database source = tx.databases().get(request.source());
    requireCloneable(tx, source);
    long seq = request.asOf().map(at -> seq(tx, source, at)).orElse(source.commitSeq());
    Database clone = tx.databases().create(request.name(), source.kind(), source.properties());
    tx.databases().setDefaults(clone.id(), source.defaultDatabase(), source.defaultSchema());
    tx.commits().continueFrom(clone.id(), seq, committedAt(tx, source, seq));
    CommitOutcome.Committed commit =
        tx.commits()
            .next(
                clone.id(),
                request.by(),
                request.tenant(),
                "CLONE DATABASE " + source.name() + " AT " + seq);
    for (Space space : tx.spaces().all(source.id())) {
      cut(tx, space, seq, new SpaceKey(clone.id(), space.key().tenant()), commit);
    }
    if (tx.spaces().all(clone.id()).isEmpty() && !tx.spaces().all(source.id()).isEmpty()) {
      throw new PolderException(
          ErrorCode.AS_OF_OUT_OF_RANGE,
          "database " + source.name() + " keeps no state from before it was made independent");
    }
    tx.lineage()
        .link(new Lineage(clone.id(), source.id(), LineageKind.CLONE, seq, commit.seq(), tx.now()));
    return tx.databases().get(clone.id());
  }

  /**
   * Lets a clone begin again with its source's newest state. What it held is in its history.
   *
   * @return the source
   */
  public Database reset(
      MetastoreTransaction tx, Database clone, Optional<PrincipalName> by, TenantId tenant) {
    tx.mirrors().requireWritable(clone.id());
    Database source =
        tx.lineage()
            .parent(clone.id())
            .filter(lineage -> lineage.kind() == LineageKind.CLONE)
            .map(lineage -> tx.databases().get(lineage.parent()))
            .filter(parent -> parent.droppedAt().isEmpty())
            .orElseThrow(() -> notReset(tx, clone));
    CommitOutcome.Committed commit =
        tx.commits()
            .next(
                clone.id(),
                by,
                tenant,
                "RESET DATABASE TO " + source.name() + " AT " + source.commitSeq());
    tx.spaces().all(clone.id()).forEach(space -> tx.cuts().clear(space.key(), commit));
    for (Space space : tx.spaces().all(source.id())) {
      cut(tx, space, source.commitSeq(), new SpaceKey(clone.id(), space.key().tenant()), commit);
    }
    tx.lineage().advance(clone.id(), source.commitSeq());
    return source;
  }

  private static PolderException notReset(MetastoreTransaction tx, Database clone) {
    String why =
        tx.lineage()
            .independence(clone.id())
            .map(independence ->
                " was materialized at "
                    + independence.at()
                    + ": its link to "
                    + tx.databases().get(independence.source()).name()
                    + ", and its history before, ended with that; CLONE … WITH (materialize ="
                    + " 'manual') keeps the link")
            .orElse(" is no clone, or its source was dropped");
    return new PolderException(ErrorCode.WRONG_OBJECT_TYPE, "database " + clone.name() + why);
  }

  private void cut(
      MetastoreTransaction tx, Space from, long seq, SpaceKey to, CommitOutcome.Committed commit) {
    Optional<Moment> moment = moment(tx, from.key(), seq);
    if (moment.isEmpty() || tx.history().schemas(moment.get()).isEmpty()) {
      return; // The tenant was not in the database then.
    }
    if (!tx.spaces().exists(to)) {
      tx.spaces().create(to, commit.seq(), new Origin(from.key().database(), seq));
    }
    copy(tx, moment.get(), to, commit);
  }

  private static Optional<Moment> moment(MetastoreTransaction tx, SpaceKey from, long seq) {
    try {
      return tx.history().after(from, seq);
    } catch (PolderException e) {
      if (e.code() != ErrorCode.VERSION_NOT_FOUND) {
        throw e;
      }
      throw new PolderException(ErrorCode.AS_OF_OUT_OF_RANGE, String.valueOf(e.getMessage()), e);
    }
  }

  private void copy(
      MetastoreTransaction tx, Moment moment, SpaceKey to, CommitOutcome.Committed commit) {
    tx.cuts()
        .copyCatalog(
            moment,
            to,
            commit,
            source -> {
              UUID uuid = tx.newId();
              return new CutStore.Identity(uuid.toString(), warehouse.location(to, uuid));
            });
    tx.cuts().copyAccess(moment.space(), to, commit);
    tx.cuts().shareLedger(moment.space(), to, commit);
  }

  private static void requireCloneable(MetastoreTransaction tx, Database source) {
    if (tx.mirrors().active(source.id()).isPresent()) {
      throw new PolderException(
          ErrorCode.CANNOT_CLONE_MIRROR,
          "database " + source.name() + " is a mirror; clone its source, or promote it first");
    }
    requireDepth(tx, source);
  }

  /** Refuses one more database that depends on this one where too many stand behind it. */
  public static void requireDepth(MetastoreTransaction tx, Database source) {
    List<Lineage> ancestors = tx.lineage().ancestors(source.id());
    if (ancestors.size() >= MAX_DEPTH) {
      throw new PolderException(
          ErrorCode.CLONE_DEPTH_EXCEEDED,
          "database "
              + source.name()
              + " is "
              + ancestors.size()
              + " clones deep already and the limit is "
              + MAX_DEPTH
              + "; ALTER DATABASE … MATERIALIZE it, or clone one of those it comes from");
    }
  }

  /** The database's commit at a moment, also one from before the database was cloned itself. */
  private static long seq(MetastoreTransaction tx, Database source, TimeTravel at) {
    return switch (at) {
      case TimeTravel.AtSeq commit -> {
        if (commit.seq() < 0 || commit.seq() > source.commitSeq()) {
          throw new PolderException(
              ErrorCode.AS_OF_OUT_OF_RANGE,
              "database "
                  + source.name()
                  + " has no commit "
                  + commit.seq()
                  + "; its newest is "
                  + source.commitSeq());
        }
        yield commit.seq();
      }
      case TimeTravel.AtMicros time -> {
        if (time.micros() > Math.max(tx.now(), source.committedAt())) {
          throw new PolderException(
              ErrorCode.AS_OF_OUT_OF_RANGE,
              "that time is in the future; CLONE DATABASE without AS OF takes the newest state of "
                  + source.name());
        }
        yield seqAt(tx, source.id(), time.micros())
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.AS_OF_OUT_OF_RANGE,
                    tx.lineage()
                        .independence(source.id())
                        .map(independence ->
                            "the history of "
                                + source.name()
                                + " before it was materialized at "
                                + independence.at()
                                + " ended with that")
                        .orElse("database " + source.name() + " did not exist yet at that time")));
      }
    };
  }

  private static OptionalLong seqAt(MetastoreTransaction tx, DatabaseId database, long micros) {
    OptionalLong own = tx.commits().seqAt(database, micros);
    Optional<Lineage> parent = tx.lineage().parent(database);
    if (parent.isEmpty() || own.orElse(-1) >= parent.get().firstSeq()) {
      return own;
    }
    OptionalLong before = seqAt(tx, parent.get().parent(), micros);
    return before.isEmpty()
        ? before
        : OptionalLong.of(Math.min(before.getAsLong(), parent.get().parentSeq()));
  }

  private static long committedAt(MetastoreTransaction tx, Database source, long seq) {
    Optional<Long> own = tx.commits().find(source.id(), seq).map(CommitInfo::committedAt);
    if (own.isPresent()) {
      return own.get();
    }
    Optional<Lineage> parent = tx.lineage().parent(source.id());
    return parent.isPresent() && seq < parent.get().firstSeq()
        ? committedAt(tx, tx.databases().get(parent.get().parent()), seq)
        : source.createdAt();
  }

  /** The live databases that need its files, oldest first. */
  public static List<Database> dependents(MetastoreTransaction tx, Database database) {
    return live(tx, tx.lineage().children(database.id()));
  }

  /** Those of them that need its files in one way. */
  public static List<Database> dependents(
      MetastoreTransaction tx, Database database, LineageKind kind) {
    return live(
        tx,
        tx.lineage().children(database.id()).stream()
            .filter(child -> child.kind() == kind)
            .toList());
  }

  private static List<Database> live(MetastoreTransaction tx, List<Lineage> children) {
    return children.stream()
        .map(child -> tx.databases().get(child.child()))
        .filter(child -> child.droppedAt().isEmpty())
        .toList();
  }

  /** Refuses to drop a database whose files a live one needs. */
  public static void requireNoDependents(MetastoreTransaction tx, Database database) {
    requireNone(tx, database, dependents(tx, database));
  }

  /** Refuses to drop a database that has clones; its mirrors shall be freed with it. */
  public static void requireNoClones(MetastoreTransaction tx, Database database) {
    requireNone(tx, database, dependents(tx, database, LineageKind.CLONE));
  }

  private static void requireNone(MetastoreTransaction tx, Database database, List<Database> live) {
    if (live.isEmpty()) {
      return;
    }
    Map<Boolean, List<String>> names =
        live.stream()
            .collect(
                Collectors.partitioningBy(
                    dependent -> tx.mirrors().active(dependent.id()).isPresent(),
                    Collectors.mapping(
                        dependent -> dependent.name().value(), Collectors.toList())));
    List<String> needed = new ArrayList<>();
    tell(needed, "clone", names.getOrDefault(false, List.of()), "drop or MATERIALIZE");
    tell(needed, "mirror", names.getOrDefault(true, List.of()), "drop or PROMOTE");
    throw new PolderException(
        ErrorCode.CLONE_DEPENDENCY,
        "database "
            + database.name()
            + " is still needed by "
            + String.join(" and ", needed)
            + "; or use DROP DATABASE … FORCE, which gives them files of their own");
  }

  private static void tell(List<String> needed, String what, List<String> names, String todo) {
    if (!names.isEmpty()) {
      boolean one = names.size() == 1;
      needed.add(
          (one ? "its " + what + " " : "its " + what + "s ")
              + String.join(", ", names)
              + " ("
              + todo
              + (one ? " it" : " them")
              + " first)");
    }
  }
}
