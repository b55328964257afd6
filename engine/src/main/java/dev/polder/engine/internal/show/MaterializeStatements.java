package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.lake.lineage.Clones;
import dev.polder.maintenance.Materialization;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.DatabaseOperation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * ALTER DATABASE … MATERIALIZE, and what DROP DATABASE … FORCE does first. The statement waits; its
 * progress is seen in SHOW JOBS, and what it did stays done when it is cut off. Stateless.
 */
final class MaterializeStatements {
  private MaterializeStatements() {}

  static Result run(Work work, DatabaseName name) {
    Database database =
        work.write(tx -> work.gate(tx).require(DatabaseOperation.MATERIALIZE, name));
    if (!materialize(work, database)) {
      work.context()
          .notice("UNCHANGED", "database " + name + " depends on no other one; nothing was copied");
    }
    return work.done();
  }

  /** False: it was independent already. */
  private static boolean materialize(Work work, Database database) {
    boolean changed =
        materialization(work).now(database.id(), progress -> work.context().cancellation().check());
    if (changed) {
      work.write(tx -> {
        DatabaseStatements.audit(
            work, tx, database.id(), EventType.DATABASE_MATERIALIZED, database.name(), Map.of());
        return database;
      });
    }
    return changed;
  }

  private static Materialization materialization(Work work) {
    return new Materialization(work.context().engine().metastore(), work.context().engine().lake());
  }

  /** Makes all that depend on the database independent; a clone made meanwhile, too. */
  static void freeDependents(Work work, DatabaseName name) {
    while (true) {
      List<Database> dependents =
          work.write(tx -> {
            work.gate(tx).require(DatabaseOperation.DROP_FORCE);
            Optional<Database> database = tx.databases().find(name);
            if (database.map(Database::id).filter(DatabaseId.DEFAULT::equals).isPresent()) {
              throw new PolderException(
                  ErrorCode.CANNOT_DROP_DEFAULT_DATABASE,
                  "the default database cannot be dropped; drop the tables in it instead");
            }
            List<Database> all =
                database.map(found -> Clones.dependents(tx, found)).orElse(List.of());
            // A mirror keeps the state that it has; it is read-only until it is promoted.
            all.stream()
                .map(Database::id)
                .filter(id -> tx.mirrors().active(id).isPresent())
                .forEach(tx.localMirrors()::detach);
            return all;
          });
      if (dependents.isEmpty()) {
        return;
      }
      for (Database dependent : dependents) {
        try {
          materialize(work, dependent);
        } catch (PolderException e) {
          if (e.code() != ErrorCode.DATABASE_NOT_FOUND) {
            throw e;
          }
          work.context().notice("DATABASE_NOT_FOUND", dependent.name() + " was dropped meanwhile");
        }
      }
    }
  }
}
