package dev.polder.door.flight.internal;

import dev.polder.engine.Session;
import org.jspecify.annotations.Nullable;

/** One engine session of a client's session. Fields are guarded by the {@link ClientSession}. */
final class Lane {
  final Session session;
  boolean busy;

  /** It ends with its statement: the client went to another database. */
  boolean left;

  long settings;
  long bindings;
  @Nullable String transaction;

  Lane(Session session) {
    this.session = session;
    this.bindings = session.bindings();
  }

  /** True in a transaction that the client began with SQL. */
  boolean inSqlTransaction() {
    return transaction == null && session.inTransaction();
  }
}
