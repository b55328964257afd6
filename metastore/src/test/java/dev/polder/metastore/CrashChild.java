package dev.polder.metastore;

import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.commit.CollectionChange;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.metastore.commit.CommitRequest;
import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.commit.OutboxEvent;
import dev.polder.model.DatabaseId;
import dev.polder.model.IdSource;
import dev.polder.model.Secret;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * A process that commits to several tables at once until it is killed, and prints the number of
 * each commit once it is acknowledged.
 */
final class CrashChild {
  static final SpaceKey SPACE = new SpaceKey(DatabaseId.DEFAULT, TenantId.DEFAULT);
  private static final int WRITERS = 3;

  private CrashChild() {}

  public static void main(String[] arguments) throws InterruptedException {
    Metastore metastore = open(arguments[0]);
    List<CollectionEntry> tables =
        metastore.read(tx -> {
          var main = tx.schemas().get(SPACE, dev.polder.model.SchemaName.MAIN).id();
          return tx.collections().list(main, Optional.empty(), 100).items();
        });
    for (int i = 0; i < WRITERS; i++) {
      Thread.ofVirtual().start(() -> commitForEver(metastore, tables));
    }
    Thread.currentThread().join();
  }

  private static Metastore open(String place) {
    Clock clock = Clock.systemUTC();
    return place.startsWith("jdbc:")
        ? PostgresMetastore.open(
            place, "postgres", Secret.of("postgres"), clock, IdSource.timeOrdered(clock))
        : SqliteMetastore.open(Path.of(place), clock, IdSource.timeOrdered(clock));
  }

  private static void commitForEver(Metastore metastore, List<CollectionEntry> tables) {
    while (true) {
      CommitOutcome outcome = metastore.write(tx -> tx.commits().commit(request(tx, tables)));
      if (outcome instanceof CommitOutcome.Committed committed) {
        synchronized (System.out) {
          System.out.println(committed.seq());
          System.out.flush();
        }
      }
    }
  }

  private static CommitRequest request(MetastoreTransaction tx, List<CollectionEntry> tables) {
    String mark = tx.newId().toString();
    CommitRequest.Builder request = CommitRequest.builder(SPACE, mark);
    for (CollectionEntry table : tables) {
      String current = tx.collections().find(table.id()).orElseThrow().metadataLocation();
      request.change(new CollectionChange.Update(table.id(), current, mark));
      request.file(FileChange.added(table.id(), mark, 1));
    }
    return request
        .event(new OutboxEvent("commits", Optional.of(DatabaseId.DEFAULT), mark))
        .audit(
            new AuditEvent(
                Optional.of(DatabaseId.DEFAULT),
                Optional.empty(),
                Optional.empty(),
                EventType.TABLE_ALTERED,
                Optional.of(mark),
                AuditOutcome.SUCCESS,
                "{}"))
        .build();
  }
}
