package dev.polder.metastore.job;

import dev.polder.metastore.internal.Row;
import dev.polder.metastore.internal.Transaction;
import java.util.Optional;

/** Facts of the whole server, such as generated keys. Bound to one transaction. */
public final class SettingStore {
  private final Transaction tx;

  public SettingStore(Transaction tx) {
    this.tx = tx;
  }

  public Optional<String> find(String name) {
    return tx.sql().one("SELECT value FROM setting WHERE name = ?", Row::text, name);
  }

  public void put(String name, String value) {
    tx.sql()
        .update(
            "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET"
                + " value = excluded.value",
            name,
            value);
  }

  /** Keeps what is there: returns the value that holds now. */
  public String putIfAbsent(String name, String value) {
    tx.sql()
        .update(
            "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
            name,
            value);
    return find(name).orElseThrow();
  }

  public boolean remove(String name) {
    return tx.sql().update("DELETE FROM setting WHERE name = ?", name) == 1;
  }
}
