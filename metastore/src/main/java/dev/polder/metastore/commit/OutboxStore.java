package dev.polder.metastore.commit;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import dev.polder.model.DatabaseId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Events written in the transaction that they tell of, to be published after it at least once, in
 * order. Bound to one transaction.
 */
public final class OutboxStore {
  private static final String COLUMNS = "topic, database_id, payload, id, created_at, published_at";

  private final Transaction tx;

  public OutboxStore(Transaction tx) {
    this.tx = tx;
  }

  public void append(List<OutboxEvent> events) {
    if (events.isEmpty()) {
      return;
    }
    long last =
        tx.sql()
            .number(
                "UPDATE counter SET value = value + ? WHERE name = 'outbox' RETURNING value",
                events.size());
    long id = last - events.size();
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (OutboxEvent event : events) {
      rows.add(
          new @Nullable Object[] {
            ++id, event.topic(), event.database(), event.payload(), tx.now()
          });
    }
    tx.sql()
        .updateAll(
            "INSERT INTO outbox (id, topic, database_id, payload, created_at) VALUES (?, ?, ?, ?,"
                + " ?)",
            rows);
  }

  /** The oldest events that were not published yet. */
  public List<OutboxMessage> unpublished(int limit) {
    return tx.sql()
        .list(
            "SELECT " + COLUMNS + " FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT ?",
            OutboxStore::map,
            limit);
  }

  /** All events after the id, published or not, for consumers that keep their own position. */
  public List<OutboxMessage> after(long id, int limit) {
    return tx.sql()
        .list(
            "SELECT " + COLUMNS + " FROM outbox WHERE id > ? ORDER BY id LIMIT ?",
            OutboxStore::map,
            id,
            limit);
  }

  public void markPublished(Collection<Long> ids) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    ids.forEach(id -> rows.add(new @Nullable Object[] {tx.now(), id}));
    tx.sql().updateAll("UPDATE outbox SET published_at = ? WHERE id = ?", rows);
  }

  /** Removes what was published before the time; returns how many. */
  public int deletePublished(long before) {
    return tx.sql().update("DELETE FROM outbox WHERE published_at < ?", before);
  }

  private static OutboxMessage map(Row row) throws SQLException {
    String topic = row.text();
    OptionalLong database = row.optionalInteger();
    OutboxEvent event =
        new OutboxEvent(
            topic,
            database.isPresent()
                ? Optional.of(new DatabaseId(database.getAsLong()))
                : Optional.empty(),
            row.text());
    return new OutboxMessage(row.integer(), event, row.integer(), row.optionalInteger());
  }
}
