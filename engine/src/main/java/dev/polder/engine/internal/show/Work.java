package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.execute.Rights;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.TenantId;
import dev.polder.policy.Identity;
import dev.polder.policy.admin.DatabaseGate;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Units of work of administrative statements: each first makes sure that the session's login still
 * counts. For one statement.
 */
record Work(StatementContext context) {
  Identity actor() {
    return context.session().identity();
  }

  <T> T read(Metastore.Work<T> work) {
    return context
        .engine()
        .metastore()
        .read(tx -> {
          Rights.requireValid(tx, context.engine(), actor());
          return work.run(tx);
        });
  }

  <T> T write(Metastore.Work<T> work) {
    return context
        .engine()
        .metastore()
        .write(tx -> {
          Rights.requireValid(tx, context.engine(), actor());
          return work.run(tx);
        });
  }

  /**
   * A change for which IF EXISTS or IF NOT EXISTS may have been given: what it tolerates is told as
   * a notice.
   */
  Result change(boolean tolerant, ErrorCode tolerated, Metastore.Work<?> work) {
    try {
      write(work::run);
    } catch (PolderException e) {
      if (!tolerant || e.code() != tolerated) {
        throw e;
      }
      context.notice(e.code().symbol(), String.valueOf(e.getMessage()));
    }
    return done();
  }

  /** A change that may find everything as it should be already. */
  Result change(String unchanged, Metastore.Work<Boolean> work) {
    if (!write(work)) {
      context.notice("UNCHANGED", unchanged);
    }
    return done();
  }

  /** What the session's principal may do with whole databases, as the transaction sees it. */
  DatabaseGate gate(MetastoreTransaction tx) {
    return DatabaseGate.of(tx, actor(), sessionTenant());
  }

  Result done() {
    return new Result.Updated(-1, context.notices());
  }

  /**
   * Where an object of a tenant is made or looked for: in the tenant named, else in the principal's
   * own, else in the session's; empty for the server's own, from a session in the default tenant.
   */
  Optional<TenantId> tenant(Optional<TenantId> named) {
    return named
        .or(actor()::tenant)
        .or(() -> Optional.of(sessionTenant()).filter(tenant -> !tenant.equals(TenantId.DEFAULT)));
  }

  TenantId sessionTenant() {
    return context.session().space().tenant();
  }

  /** The name that an identity's database has now; null when there is none or it was dropped. */
  @Nullable String name(MetastoreTransaction tx, Optional<DatabaseId> id) {
    return id.flatMap(tx.databases()::find)
        .filter(database -> database.droppedAt().isEmpty())
        .map(database -> database.name().value())
        .orElse(null);
  }

  /** Reads all pages of a list. */
  static <T> void each(Function<Optional<String>, Page<T>> list, Consumer<? super T> action) {
    Optional<String> after = Optional.empty();
    do {
      Page<T> page = list.apply(after);
      page.items().forEach(action);
      after = page.next();
    } while (after.isPresent());
  }
}
