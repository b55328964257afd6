package dev.polder.metastore.mirror;

import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The synchronous mirrors that other servers keep of this one's databases. Bound to one
 * transaction.
 */
public final class FollowerStore {
  private static final String COLUMNS =
      "SELECT database_id, id, name, sync_timeout, on_timeout, state, joined_at, seen_at,"
          + " acknowledged, goal, degraded_at FROM follower ";
  private static final long SEEN_MICROS = 1_000_000;

  /**
   * One that is so close catches up while commits wait for it already; a busy source never stops.
   */
  private static final long CLOSE = 10;

  private final Transaction tx;

  public FollowerStore(Transaction tx) {
    this.tx = tx;
  }

  /** Makes a mirror known, or takes its other options over; one that was let go of stays so. */
  public Follower join(
      DatabaseId database,
      String id,
      DatabaseName mirror,
      long syncTimeoutMicros,
      TimeoutAction onTimeout,
      Optional<PrincipalName> by) {
    Optional<Follower> known = find(database, id);
    if (known.isPresent()) {
      tx.sql()
          .update(
              "UPDATE follower SET sync_timeout = ?, on_timeout = ?, seen_at = ? WHERE database_id"
                  + " = ? AND id = ?",
              syncTimeoutMicros,
              onTimeout,
              tx.now(),
              database,
              id);
      return find(database, id).orElseThrow();
    }
    String name = free(database, mirror.value());
    tx.sql()
        .update(
            "INSERT INTO follower (database_id, id, name, sync_timeout, on_timeout, state,"
                + " joined_at, seen_at, acknowledged, goal, degraded_at) VALUES (?, ?, ?, ?, ?, ?,"
                + " ?, ?, -1, 0, 0)",
            database,
            id,
            name,
            syncTimeoutMicros,
            onTimeout,
            FollowerState.BEHIND,
            tx.now(),
            tx.now());
    tell(database, EventType.MIRROR_ATTACHED, name, by, Map.of("on_timeout", onTimeout.name()));
    return find(database, id).orElseThrow();
  }

  private String free(DatabaseId database, String wanted) {
    Set<String> taken = new HashSet<>();
    list(database).forEach(it -> taken.add(it.name()));
    String name = wanted;
    for (int i = 2; taken.contains(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }

  public Optional<Follower> find(DatabaseId database, String id) {
    return tx.sql()
        .one(COLUMNS + "WHERE database_id = ? AND id = ?", FollowerStore::map, database, id);
  }

  /** By name. */
  public List<Follower> list(DatabaseId database) {
    return tx.sql()
        .list(COLUMNS + "WHERE database_id = ? ORDER BY name", FollowerStore::map, database);
  }

  /** All of live databases. */
  public List<Follower> list() {
    return tx.sql()
        .list(
            COLUMNS
                + "WHERE EXISTS (SELECT 1 FROM database_ d WHERE d.id = follower.database_id AND"
                + " d.dropped_at IS NULL)",
            FollowerStore::map);
  }

  /** Those that a commit must wait for and that have not staged what it offers. */
  public List<Follower> awaited(DatabaseId database, String offer) {
    return tx.sql()
        .list(
            COLUMNS
                + "WHERE database_id = ? AND state IN ('CATCHING_UP', 'SYNCHRONOUS') AND NOT EXISTS"
                + " (SELECT 1 FROM offer_receipt r WHERE r.offer_id = ? AND r.follower_id ="
                + " follower.id)",
            FollowerStore::map,
            database,
            offer);
  }

  /** Whether there is something to note of a follower that asks for what came after a commit. */
  public boolean hasNews(Follower follower, long holds) {
    return holds != follower.acknowledged()
        || tx.now() - follower.seenAt() > SEEN_MICROS
        || follower.state() == FollowerState.BEHIND
        || follower.state() == FollowerState.CATCHING_UP;
  }

  /** Notes what a follower holds; one that has caught up is synchronous from here on. */
  public void heard(Follower follower, long holds) {
    Database database = tx.databases().get(follower.database());
    FollowerState state = follower.state();
    long goal = follower.goal();
    long degradedAt = follower.degradedAt();
    if (state == FollowerState.BEHIND && holds + CLOSE >= database.commitSeq()) {
      state = FollowerState.CATCHING_UP;
      goal = database.commitSeq();
    }
    if (state == FollowerState.CATCHING_UP && holds >= goal) {
      state = FollowerState.SYNCHRONOUS;
      if (degradedAt != 0) {
        tell(
            database.id(), EventType.MIRROR_RECOVERED, follower.name(), Optional.empty(), Map.of());
      }
      degradedAt = 0;
    }
    tx.sql()
        .update(
            "UPDATE follower SET state = ?, goal = ?, degraded_at = ?, acknowledged = ?, seen_at ="
                + " ? WHERE database_id = ? AND id = ?",
            state,
            goal,
            degradedAt,
            holds,
            tx.now(),
            follower.database(),
            follower.id());
    tx.offers().forget(follower.database());
  }

  /** It is there, and busy. */
  public void seen(DatabaseId database, String id) {
    tx.sql()
        .update(
            "UPDATE follower SET seen_at = ? WHERE database_id = ? AND id = ?",
            tx.now(),
            database,
            id);
  }

  /** Lets commits go on without a follower until it has caught up. */
  public void leaveBehind(Follower follower, String why) {
    int left =
        tx.sql()
            .update(
                "UPDATE follower SET state = 'BEHIND', degraded_at = CASE WHEN state ="
                    + " 'SYNCHRONOUS' THEN ? ELSE degraded_at END WHERE database_id = ? AND id = ?"
                    + " AND state = ?",
                tx.now(),
                follower.database(),
                follower.id(),
                follower.state());
    if (left == 1 && follower.state() == FollowerState.SYNCHRONOUS) {
      tell(
          follower.database(),
          EventType.MIRROR_DEGRADED,
          follower.name(),
          Optional.empty(),
          Map.of("reason", why));
      tx.changed();
    }
  }

  /** Lets go of a follower, whether it ever comes back or not. */
  public void detach(DatabaseId database, String name, Optional<PrincipalName> by) {
    Follower follower =
        list(database).stream()
            .filter(it -> it.name().equalsIgnoreCase(name))
            .findFirst()
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.NOT_A_MIRROR,
                    "no synchronous mirror '"
                        + name
                        + "' of database "
                        + tx.databases().get(database).name()
                        + " is known; SHOW DATABASE MIRROR STATUS FOR it lists those there are"));
    tx.sql()
        .update(
            "UPDATE follower SET state = 'DETACHED', degraded_at = 0 WHERE database_id = ? AND id ="
                + " ?",
            database,
            follower.id());
    tell(database, EventType.MIRROR_DETACHED, follower.name(), by, Map.of());
    tx.changed();
  }

  /** Forgets a mirror that ends to follow. */
  public void leave(DatabaseId database, String id, Optional<PrincipalName> by) {
    Optional<Follower> known = find(database, id);
    if (known.isPresent()) {
      tx.sql().update("DELETE FROM follower WHERE database_id = ? AND id = ?", database, id);
      if (known.get().state() != FollowerState.DETACHED) {
        tell(database, EventType.MIRROR_DETACHED, known.get().name(), by, Map.of());
      }
      tx.changed();
    }
  }

  private void tell(
      DatabaseId database,
      EventType type,
      String mirror,
      Optional<PrincipalName> by,
      Map<String, String> detail) {
    tx.audit()
        .append(
            new AuditEvent(
                Optional.of(database),
                by,
                Optional.empty(),
                type,
                Optional.of(mirror),
                AuditOutcome.SUCCESS,
                AuditEvent.detail(detail)));
  }

  private static Follower map(Row row) throws SQLException {
    return new Follower(
        new DatabaseId(row.integer()),
        row.text(),
        row.text(),
        row.integer(),
        row.enumeration(TimeoutAction.class),
        row.enumeration(FollowerState.class),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer(),
        row.integer());
  }
}
