package dev.polder.door.flight.internal;

import dev.polder.engine.Description;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A statement text kept under a handle with the values bound to it last. Thread-safe. */
final class PreparedStatement {
  private final String sql;
  private final Description description;
  private final Optional<String> transaction;
  private volatile List<List<@Nullable Object>> rows = List.of();

  PreparedStatement(String sql, Description description, Optional<String> transaction) {
    this.sql = sql;
    this.description = description;
    this.transaction = transaction;
  }

  String sql() {
    return sql;
  }

  Description description() {
    return description;
  }

  Optional<String> transaction() {
    return transaction;
  }

  List<List<@Nullable Object>> rows() {
    return rows;
  }

  void bind(List<List<@Nullable Object>> bound) {
    rows = List.copyOf(bound);
  }
}
