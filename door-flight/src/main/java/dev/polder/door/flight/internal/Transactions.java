package dev.polder.door.flight.internal;

import dev.polder.engine.Result;
import dev.polder.engine.Session;
import dev.polder.engine.StatementOptions;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Begins and ends the engine's transactions. */
final class Transactions {
  private Transactions() {}

  static String begin(ClientSession client) {
    try (Lease lease = client.lease(Optional.empty())) {
      run(lease.session(), "BEGIN");
      return client.beginTransaction(lease);
    }
  }

  static void end(ClientSession client, String transaction, boolean commit) {
    try (Lease lease = client.lease(Optional.of(transaction))) {
      try {
        run(lease.session(), commit ? "COMMIT" : "ROLLBACK");
      } finally {
        finish(lease.session());
        client.endTransaction(lease);
      }
    }
  }

  /** Runs the work in a transaction of its own. */
  static <T> T within(Lease lease, Supplier<T> work) {
    run(lease.session(), "BEGIN");
    try {
      T result = work.get();
      run(lease.session(), "COMMIT");
      return result;
    } finally {
      finish(lease.session());
    }
  }

  // A COMMIT that failed may leave the engine's transaction open.
  private static void finish(Session session) {
    if (session.inTransaction()) {
      run(session, "ROLLBACK");
    }
  }

  private static void run(Session session, String sql) {
    Result result = session.execute(sql, List.of(), StatementOptions.defaults());
    result.close();
  }
}
