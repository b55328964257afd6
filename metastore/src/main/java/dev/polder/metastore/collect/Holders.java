package dev.polder.metastore.collect;

import dev.polder.metastore.commit.FileChange;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.SpaceKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers whether any state that can still be asked for reaches a file. A collection reaches it
 * from the commit that added it until one removed it; a collection cut from another one reaches all
 * that the other one named then, until it lets go of it itself. One owner, for one transaction:
 * what it has looked up it remembers.
 */
public final class Holders {
  private static final long NEVER = Long.MAX_VALUE;

  private final Transaction tx;
  private final Map<String, Optional<Holder>> holders = new HashMap<>();
  private final Map<String, List<Cut>> cuts = new HashMap<>();
  private final Map<Long, Long> horizons = new HashMap<>();

  Holders(Transaction tx) {
    this.tx = tx;
  }

  private record Holder(SpaceKey space, long droppedSeq, boolean purged) {
    long database() {
      return space.database().value();
    }
  }

  private record Cut(String id, long originSeq, long createdSeq, long endSeq) {}

  private record Event(String collection, long seq, FileChange.Kind kind) {}

  /** Whether a version that can be asked for, of any collection, needs the file. */
  public boolean holds(String path) {
    List<Event> events =
        tx.sql()
            .list(
                "SELECT collection_id, seq, kind FROM commit_file WHERE path = ? ORDER BY"
                    + " collection_id, seq",
                row -> new Event(row.text(), row.integer(), row.enumeration(FileChange.Kind.class)),
                path);
    for (Event event : events) {
      boolean opens =
          event.kind() == FileChange.Kind.ADDED || event.kind() == FileChange.Kind.SHARED;
      if (opens
          && holds(
              event.collection(),
              event.seq(),
              closed(events, event.collection(), event.seq()),
              events)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a commit of the database named the file, or it is one that a collection of the database
   * began with.
   */
  boolean reaches(DatabaseId database, String path) {
    List<Event> events = events(path);
    for (Event event : events) {
      if (opens(event)
          && reaches(
              database.value(),
              event.collection(),
              event.seq(),
              closed(events, event.collection(), event.seq()),
              events)) {
        return true;
      }
    }
    return false;
  }

  private boolean reaches(
      long database, String collection, long from, long until, List<Event> events) {
    if (holder(collection).filter(it -> it.database() == database).isPresent()) {
      return true;
    }
    for (Cut cut : cuts(collection)) {
      if (from <= cut.originSeq()
          && cut.originSeq() < until
          && reaches(
              database,
              cut.id(),
              cut.createdSeq(),
              Math.min(cut.endSeq(), closed(events, cut.id(), cut.createdSeq())),
              events)) {
        return true;
      }
    }
    return false;
  }

  private static boolean opens(Event event) {
    return event.kind() == FileChange.Kind.ADDED || event.kind() == FileChange.Kind.SHARED;
  }

  private List<Event> events(String path) {
    return tx.sql()
        .list(
            "SELECT collection_id, seq, kind FROM commit_file WHERE path = ? ORDER BY"
                + " collection_id, seq",
            row -> new Event(row.text(), row.integer(), row.enumeration(FileChange.Kind.class)),
            path);
  }

  /** The first commit, from one on, after which the collection does not name the file. */
  private static long closed(List<Event> events, String collection, long from) {
    return events.stream()
        .filter(event -> event.collection().equals(collection) && event.seq() >= from)
        .filter(event ->
            event.kind() == FileChange.Kind.REMOVED || event.kind() == FileChange.Kind.RELEASED)
        .mapToLong(Event::seq)
        .min()
        .orElse(NEVER);
  }

  private boolean holds(String collection, long from, long until, List<Event> events) {
    Optional<Holder> holder = holder(collection);
    if (holder.isEmpty()) {
      return false;
    }
    long end = Math.min(until, holder.get().droppedSeq());
    boolean asked = !holder.get().purged() || from <= PurgeStore.lastCut(tx, holder.get().space());
    if (asked && end > horizon(holder.get().database())) {
      return true;
    }
    for (Cut cut : cuts(collection)) {
      if (from <= cut.originSeq()
          && cut.originSeq() < end
          && holds(
              cut.id(),
              cut.createdSeq(),
              Math.min(cut.endSeq(), closed(events, cut.id(), cut.createdSeq())),
              events)) {
        return true;
      }
    }
    return false;
  }

  private Optional<Holder> holder(String collection) {
    return holders.computeIfAbsent(
        collection,
        id ->
            tx.sql()
                .one(
                    "SELECT database_id, tenant, dropped_seq, purged_at FROM collection WHERE id = ?",
                    row ->
                        new Holder(
                            row.space(),
                            row.optionalInteger().orElse(NEVER),
                            row.optionalInteger().isPresent()),
                    id));
  }

  private List<Cut> cuts(String collection) {
    return cuts.computeIfAbsent(
        collection,
        id ->
            new ArrayList<>(
                tx.sql()
                    .list(
                        "SELECT id, origin_seq, created_seq, cut_end FROM collection WHERE cut_id"
                            + " = ?",
                        row ->
                            new Cut(
                                row.text(),
                                row.integer(),
                                row.integer(),
                                row.optionalInteger().orElse(NEVER)),
                        id)));
  }

  private long horizon(long database) {
    return horizons.computeIfAbsent(
        database,
        id ->
            tx.sql()
                .number(
                    "SELECT CASE WHEN purged_at IS NULL THEN history_seq ELSE ? END FROM database_"
                        + " WHERE id = ?",
                    NEVER,
                    id));
  }
}
