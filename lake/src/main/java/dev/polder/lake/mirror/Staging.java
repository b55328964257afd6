package dev.polder.lake.mirror;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.lineage.CollectionState;
import dev.polder.metastore.lineage.OwnVersion;
import dev.polder.metastore.mirror.FollowerState;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.metastore.mirror.MirrorMode;
import dev.polder.metastore.mirror.StagedCommit;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The synchronous side of following another server's database: makes the mirror known there, stages
 * what is offered once all that came before is applied, and says so. One owner.
 */
final class Staging {
  private static final Logger LOG = LoggerFactory.getLogger(Staging.class);

  private final Metastore metastore;
  private final DatabaseId database;
  private final String holder;
  private final RemoteSource source;
  private final RemoteCopies copies;
  private boolean joined;
  private volatile Optional<String> follower = Optional.empty();

  Staging(
      Metastore metastore,
      DatabaseId database,
      String holder,
      RemoteSource source,
      RemoteCopies copies) {
    this.metastore = metastore;
    this.database = database;
    this.holder = holder;
    this.source = source;
    this.copies = copies;
  }

  /** What a source calls a mirror: no other one ever has that name. */
  static String follower(Metastore metastore, Database mirror) {
    return metastore.write(tx -> {
      String server = MirrorSource.server(tx);
      return server + "/" + mirror.id() + "/" + mirror.createdAt();
    });
  }

  /** What the source knows the mirror by; empty: no commit waits for it. */
  Optional<String> follower(Mirror mirror) {
    if (mirror.mode() != MirrorMode.SYNC) {
      follower = Optional.empty();
      return follower;
    }
    if (!joined) {
      Database here = metastore.read(tx -> tx.databases().get(database));
      String id = follower(metastore, here);
      metastore.write(tx -> {
        tx.mirrors().registered(database, true);
        return id;
      });
      source.join(id, here.name(), mirror.syncTimeoutMicros(), mirror.onTimeout());
      follower = Optional.of(id);
      joined = true;
    }
    return follower;
  }

  /**
   * Takes notice of how the source stands to the mirror.
   *
   * @return what its status should say
   */
  Optional<String> standing(Mirror mirror, Wire.Changes changes) {
    Optional<Wire.Standing> standing = changes.standing();
    if (follower.isEmpty()) {
      return Optional.empty();
    }
    if (standing.isEmpty()) {
      joined = false; // The source was asked to forget it, or has been restored.
      return Optional.empty();
    }
    if (standing.get().state() == FollowerState.DETACHED) {
      metastore.write(tx -> {
        tx.mirrors().becomeAsynchronous(mirror);
        return database;
      });
      return Optional.empty();
    }
    long degradedAt = standing.get().degradedAt();
    return degradedAt == 0
        ? Optional.empty()
        : Optional.of(
            ErrorCode.MIRROR_SYNC_TIMEOUT
                + ": commits go on without this mirror since "
                + Instant.EPOCH.plusNanos(TimeUnit.MICROSECONDS.toNanos(degradedAt)));
  }

  /** What was staged of a commit that the source has made. */
  Optional<StagedCommit> staged(Wire.Changes changes, long seq) {
    return changes.offers().stream()
        .filter(it -> it.seq() == seq)
        .findFirst()
        .flatMap(it -> metastore.read(tx -> tx.staged().find(database, it.id())));
  }

  /** Stages what is offered, and forgets what is not any more; the mirror holds all before it. */
  void stage(Mirror mirror, Wire.Changes changes) {
    if (follower.isEmpty()) {
      return;
    }
    Set<String> alive = changes.offers().stream().map(Wire.Offered::id).collect(Collectors.toSet());
    List<String> staged = metastore.read(tx -> tx.staged().offers(database));
    List<String> given = staged.stream().filter(it -> !alive.contains(it)).toList();
    if (!given.isEmpty()) {
      metastore.write(tx -> {
        given.forEach(it -> tx.staged().drop(database, it));
        return database;
      });
    }
    for (Wire.Offered offer : changes.offers()) {
      // A receipt may have been lost on its way.
      if (offer.content().isPresent() && (staged.contains(offer.id()) || stage(mirror, offer))) {
        source.staged(follower.get(), Optional.of(offer.id()));
      }
    }
  }

  private boolean stage(Mirror mirror, Wire.Offered offer) {
    var content = offer.content().orElseThrow();
    Map<String, OwnVersion> own = new HashMap<>();
    try {
      Map<CollectionId, OwnVersion> made = copies.make(mirror, content);
      made.forEach((id, version) -> own.put(id.value(), version));
    } catch (PolderException e) {
      if (isGone(e)) {
        LOG.debug("an offered commit was given up while mirror {} copied it", database, e);
        return false;
      }
      throw e;
    }
    boolean kept =
        metastore.write(tx -> {
          Map<String, String> base = new HashMap<>();
          for (CollectionState state : content.collections()) {
            base.put(state.id().value(), tx.staged().base(database, state));
          }
          return tx.mirrors().isHeldBy(database, holder)
              && tx.staged().stage(mirror, new StagedCommit(offer.id(), content, own, base));
        });
    if (!kept) {
      throw new PolderException(
          ErrorCode.TRANSACTION_CONFLICT,
          "the mirror was promoted or dropped, or another server follows for it");
    }
    return true;
  }

  private static boolean isGone(Throwable e) {
    return (e instanceof PolderException known && known.code() == ErrorCode.NOT_FOUND_PATH)
        || (e.getCause() != null && isGone(e.getCause()));
  }

  /** Says that the mirror's server is there, while it is busy. */
  void beat() {
    follower.ifPresent(it -> source.staged(it, Optional.empty()));
  }
}
