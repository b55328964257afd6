package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.lake.mirror.MirrorRequest;
import dev.polder.maintenance.Materialization;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.mirror.Cluster;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.metastore.mirror.MirrorMode;
import dev.polder.metastore.mirror.MirrorState;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.policy.DatabaseOperation;
import dev.polder.sql.statement.MirrorStatement;
import dev.polder.sql.statement.MirrorStatement.MirrorDatabase;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
      case MirrorStatement.ShowMirrorStatus show ->
          status(work, show.database()).answer(work.context());
      case MirrorStatement.CreateCluster create -> createCluster(work, create);
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
    Mirror was =
        work.write(tx -> {
          Database database = work.gate(tx).require(DatabaseOperation.PROMOTE, name);
          Mirror mirror =
              tx.localMirrors()
                  .promote(database.id(), Optional.of(work.actor().name()), work.sessionTenant());
          if (mirror.state() != MirrorState.PROMOTED) {
            if (tx.lineage().parent(database.id()).isPresent()) {
              Materialization.enqueue(tx, database.id(), work.actor().name());
            }
            DatabaseStatements.audit(
                work,
                tx,
                database.id(),
                EventType.DATABASE_PROMOTED,
                name,
                Map.of("last_applied", Long.toString(mirror.lastApplied())));
          }
          return mirror;
        });
    work.context()
        .notice(
            was.state() == MirrorState.PROMOTED ? "UNCHANGED" : "PROMOTED",
            "database "
                + name
                + (was.state() == MirrorState.PROMOTED ? " was promoted before," : " is promoted")
                + " at commit "
                + was.lastApplied()
                + " of its source");
    return work.done();
  }

  static Table status(Work work, DatabaseName name) {
    return work.read(tx -> {
      Database database = work.gate(tx).require(DatabaseOperation.SHOW, name);
      Table rows = Table.of(STATUS);
      Mirror mirror = tx.localMirrors().observed(tx.mirrors().get(database.id()));
      rows.add(
          name.value(),
          mirror.cluster().map(Object::toString).orElse(null),
          mirror.sourceName().value(),
          mirror.mode().name().toLowerCase(Locale.ROOT),
          mirror.health(tx.now()).name().toLowerCase(Locale.ROOT),
          mirror.bytesDone(),
          mirror.bytesTotal(),
          TimeUnit.MICROSECONDS.toMillis(mirror.lagMicros(tx.now())),
          mirror.lastApplied(),
          mirror.appliedAt() == 0 ? null : mirror.appliedAt(),
          mirror.error().orElse(null));
      return rows;
    });
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
