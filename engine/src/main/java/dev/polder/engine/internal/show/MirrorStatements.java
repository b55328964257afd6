package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.lake.mirror.MirrorRequest;
import dev.polder.lake.mirror.Mirrors;
import dev.polder.maintenance.Materialization;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.mirror.Cluster;
import dev.polder.metastore.mirror.Follower;
import dev.polder.metastore.mirror.FollowerState;
import dev.polder.metastore.mirror.LocalMirrorStore;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.metastore.mirror.MirrorMode;
import dev.polder.metastore.mirror.MirrorState;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.Secret;
import dev.polder.policy.DatabaseOperation;
import dev.polder.sql.statement.MirrorStatement;
import dev.polder.sql.statement.MirrorStatement.MirrorDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** MIRROR, PROMOTE, the mirrors' status and the clusters: a superuser's work. Stateless. */
final class MirrorStatements {
  static final List<Header> STATUS =
      List.of(
          Table.text("name"),
          Table.text("source_cluster"),
          Table.text("source_database"),
          Table.text("mode"),
          Table.text("status"),
          Table.number("bytes_done"),
          Table.number("bytes_total"),
          Table.number("lag_ms"),
          Table.number("last_applied"),
          Table.time("last_apply_at"),
          Table.text("error"));
  static final List<Header> CLUSTERS =
      List.of(Table.text("name"), Table.text("url"), Table.time("created_at"));

  private MirrorStatements() {}

  static Result run(Work work, MirrorStatement statement) {
    return switch (statement) {
      case MirrorDatabase mirror -> create(work, mirror);
      case MirrorStatement.Promote promote -> promote(work, promote.database());
      case MirrorStatement.DetachMirror detach -> detach(work, detach);
      case MirrorStatement.ShowMirrorStatus show ->
          status(work, show.database()).answer(work.context());
      case MirrorStatement.ShowMirrors ignored -> MirrorList.of(work).answer(work.context());
      case MirrorStatement.CreateCluster create -> createCluster(work, create);
      case MirrorStatement.AlterCluster alter -> alterCluster(work, alter);
      case MirrorStatement.DropCluster drop -> dropCluster(work, drop);
      case MirrorStatement.ShowClusters ignored -> clusters(work).answer(work.context());
    };
  }

  private static Result create(Work work, MirrorDatabase statement) {
    MirrorOptions options = MirrorOptions.of(statement);
    MirrorRequest request =
        new MirrorRequest(
            statement.database(),
            statement.cluster(),
            statement.source(),
            statement.synchronous() ? MirrorMode.SYNC : MirrorMode.ASYNC,
            options.syncTimeoutMicros(),
            options.onTimeout());
    return work.change(
        statement.ifNotExists(),
        ErrorCode.DATABASE_EXISTS,
        tx -> {
          work.gate(tx).require(DatabaseOperation.MIRROR);
          Database made = work.context().engine().lake().mirrors().create(tx, request);
          DatabaseStatements.audit(
              work,
              tx,
              made.id(),
              EventType.DATABASE_MIRRORED,
              statement.database(),
              Map.of(
                  "source",
                  statement.source().value(),
                  "cluster",
                  statement.cluster().map(Object::toString).orElse(""),
                  "mode",
                  request.mode().name().toLowerCase(Locale.ROOT)));
          return made;
        });
  }

  private static Result promote(Work work, DatabaseName name) {
    DatabaseId id = work.read(tx -> work.gate(tx).require(DatabaseOperation.PROMOTE, name).id());
    Optional<Set<String>> alive = work.context().engine().lake().lastQuestions().ask(id);
    LocalMirrorStore.Promoted done =
        work.write(tx -> {
          Database database = work.gate(tx).require(DatabaseOperation.PROMOTE, name);
          LocalMirrorStore.Promoted promoted =
              tx.localMirrors()
                  .promote(
                      database.id(), Optional.of(work.actor().name()), work.sessionTenant(), alive);
          if (promoted.was().state() != MirrorState.PROMOTED) {
            if (tx.lineage().parent(database.id()).isPresent()) {
              Materialization.enqueue(tx, database.id(), work.actor().name());
            }
            DatabaseStatements.audit(
                work,
                tx,
                database.id(),
                EventType.DATABASE_PROMOTED,
                name,
                Map.of(
                    "last_applied",
                    Long.toString(promoted.was().lastApplied()),
                    "taken_over",
                    Integer.toString(promoted.takenOver())));
          }
          return promoted;
        });
    boolean before = done.was().state() == MirrorState.PROMOTED;
    work.context()
        .notice(
            before ? "UNCHANGED" : "PROMOTED",
            "database "
                + name
                + (before ? " was promoted before," : " is promoted")
                + " at commit "
                + done.was().lastApplied()
                + " of its source"
                + (done.takenOver() == 0
                    ? ""
                    : ", with "
                        + done.takenOver()
                        + " staged commits after it whose outcome is not known here"));
    return work.done();
  }

  private static Result detach(Work work, MirrorStatement.DetachMirror detach) {
    work.write(tx -> {
      Database database = work.gate(tx).require(DatabaseOperation.DETACH_MIRROR, detach.database());
      tx.followers()
          .detach(database.id(), detach.mirror().value(), Optional.of(work.actor().name()));
      return database;
    });
    return work.done();
  }

  static Table status(Work work, DatabaseName name) {
    return work.read(tx -> {
      Database database = work.gate(tx).require(DatabaseOperation.SHOW, name);
      Table rows = Table.of(STATUS);
      List<Follower> followers = tx.followers().list(database.id());
      if (followers.isEmpty() || tx.mirrors().find(database.id()).isPresent()) {
        mirror(rows, name, tx.localMirrors().observed(tx.mirrors().get(database.id())), tx.now());
      }
      followers.forEach(it -> follower(rows, database, it, tx.now()));
      return rows;
    });
  }

  /** How much is copied is told as long as the first copy is made: then commits bring the rest. */
  private static void mirror(Table rows, DatabaseName name, Mirror mirror, long now) {
    boolean copying = mirror.state() == MirrorState.BOOTSTRAPPING;
    rows.add(
        name.value(),
        mirror.cluster().map(Object::toString).orElse(null),
        mirror.sourceName().value(),
        mirror.mode().name().toLowerCase(Locale.ROOT),
        mirror.health(now).name().toLowerCase(Locale.ROOT),
        copying ? mirror.bytesDone() : null,
        copying ? mirror.bytesTotal() : null,
        TimeUnit.MICROSECONDS.toMillis(mirror.lagMicros(now)),
        mirror.lastApplied(),
        mirror.appliedAt() == 0 ? null : mirror.appliedAt(),
        mirror.error().orElse(null));
  }

  /** A synchronous mirror on another server, as its source sees it. */
  private static void follower(Table rows, Database source, Follower follower, long now) {
    boolean current = follower.acknowledged() >= source.commitSeq() && !follower.isSilent(now);
    rows.add(
        follower.name(),
        null,
        source.name().value(),
        follower.state() == FollowerState.DETACHED ? "async" : "sync",
        follower.health(now).name().toLowerCase(Locale.ROOT),
        null,
        null,
        current ? 0 : TimeUnit.MICROSECONDS.toMillis(Math.max(0, now - follower.seenAt())),
        follower.acknowledged(),
        follower.seenAt(),
        follower.state() == FollowerState.DETACHED
            ? "let go of"
            : follower.degradedAt() == 0
                ? null
                : "commits go on without it since "
                    + Instant.EPOCH.plusNanos(
                        TimeUnit.MICROSECONDS.toNanos(follower.degradedAt())));
  }

  private static Result createCluster(Work work, MirrorStatement.CreateCluster create) {
    String url = work.context().engine().lake().mirrors().checkedUrl(create.url());
    return work.change(
        create.ifNotExists(),
        ErrorCode.CLUSTER_EXISTS,
        tx -> {
          work.gate(tx).require(DatabaseOperation.CREATE_CLUSTER);
          Cluster made =
              tx.clusters()
                  .create(
                      create.cluster(),
                      url,
                      work.context().engine().lake().mirrors().sealed(create.token()),
                      Optional.of(work.actor().id()));
          audit(work, tx, EventType.CLUSTER_CREATED, create.cluster().value(), Map.of("url", url));
          return made;
        });
  }

  private static Result alterCluster(Work work, MirrorStatement.AlterCluster alter) {
    Mirrors mirrors = work.context().engine().lake().mirrors();
    Optional<String> url = alter.url().map(mirrors::checkedUrl);
    Optional<Secret> token = alter.token().map(mirrors::sealed);
    work.write(tx -> {
      work.gate(tx).require(DatabaseOperation.ALTER_CLUSTER);
      Cluster before = tx.clusters().get(alter.cluster());
      if (url.isPresent() && token.isEmpty()) {
        Mirrors.requireKeepsToken(before, url.get());
      }
      Cluster after =
          tx.clusters()
              .change(before.name(), url.orElse(before.url()), token.orElse(before.token()));
      audit(
          work,
          tx,
          EventType.CLUSTER_CHANGED,
          after.name().value(),
          Map.of("url", after.url(), "token", token.isPresent() ? "replaced" : "kept"));
      return after;
    });
    return work.done();
  }

  private static Result dropCluster(Work work, MirrorStatement.DropCluster drop) {
    return work.change(
        drop.ifExists(),
        ErrorCode.CLUSTER_NOT_FOUND,
        tx -> {
          work.gate(tx).require(DatabaseOperation.DROP_CLUSTER);
          tx.clusters().drop(drop.cluster());
          audit(work, tx, EventType.CLUSTER_DROPPED, drop.cluster().value(), Map.of());
          return drop;
        });
  }

  private static void audit(
      Work work,
      MetastoreTransaction tx,
      EventType type,
      String object,
      Map<String, String> detail) {
    tx.audit()
        .append(
            new AuditEvent(
                Optional.empty(),
                Optional.of(work.actor().name()),
                Optional.empty(),
                type,
                Optional.of(object),
                AuditOutcome.SUCCESS,
                AuditEvent.detail(detail)));
  }

  static Table clusters(Work work) {
    return work.read(tx -> {
      work.gate(tx).require(DatabaseOperation.SHOW_CLUSTERS);
      Table rows = Table.of(CLUSTERS);
      for (Cluster cluster : tx.clusters().list()) {
        rows.add(cluster.name().value(), cluster.url(), cluster.createdAt());
      }
      return rows;
    });
  }
}
