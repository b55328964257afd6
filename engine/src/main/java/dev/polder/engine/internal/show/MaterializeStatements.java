package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.lake.lineage.Clones;
import dev.polder.maintenance.Materialization;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.lineage.LineageKind;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.DatabaseOperation;
import java.util.List;
import java.util.Optional;

/**
 * ALTER DATABASE … MATERIALIZE, and what DROP DATABASE … FORCE does for those that depend on the
 * database. The statement waits; its progress is seen in SHOW JOBS, and what it did stays done when
 * it is cut off. Stateless.
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
    return materialization(work)
        .now(database.id(), work.actor().name(), progress -> work.context().cancellation().check());
  }

  private static Materialization materialization(Work work) {
    return new Materialization(work.context().engine().metastore(), work.context().engine().lake());
  }

  /** Makes all clones of the database independent; one made meanwhile, too. */
  static void freeClones(Work work, DatabaseName name) {
    while (true) {
      List<Database> clones = work.write(tx -> clones(work, tx, name));
      if (clones.isEmpty()) {
        return;
      }
      for (Database clone : clones) {
        try {
          materialize(work, clone);
        } catch (PolderException e) {
          if (e.code() != ErrorCode.DATABASE_NOT_FOUND) {
            throw e;
          }
          work.context().notice("DATABASE_NOT_FOUND", clone.name() + " was dropped meanwhile");
        }
      }
    }
  }

  private static List<Database> clones(Work work, MetastoreTransaction tx, DatabaseName name) {
    work.gate(tx).require(DatabaseOperation.DROP_FORCE);
    Optional<Database> database = tx.databases().find(name);
    if (database.map(Database::id).filter(DatabaseId.DEFAULT::equals).isPresent()) {
      throw new PolderException(
          ErrorCode.CANNOT_DROP_DEFAULT_DATABASE,
          "the default database cannot be dropped; drop the tables in it instead");
    }
    return database.map(found -> Clones.dependents(tx, found, LineageKind.CLONE)).orElse(List.of());
  }

  /**
   * In the transaction that drops their source: its mirrors follow it no more. Each keeps the state
   * that it has and stays read-only until it is promoted; the source's files stay until it has its
   * own.
   */
  static List<Materialization.Begun> freeMirrors(
      Work work, MetastoreTransaction tx, Database source) {
    return Clones.dependents(tx, source, LineageKind.MIRROR).stream()
        .map(mirror -> {
          tx.localMirrors().detach(mirror.id());
          return Materialization.begin(tx, mirror.id(), work.actor().name());
        })
        .toList();
  }

  /** The source is dropped, whatever becomes of this. */
  static void finish(Work work, Materialization.Begun mirror) {
    materialization(work)
        .finish(mirror, progress -> work.context().cancellation().check())
        .ifPresent(cut ->
            work.context()
                .notice(
                    cut.code().name(),
                    "database "
                        + work.read(tx -> tx.databases().get(mirror.database()).name())
                        + " gets files of its own in the background: "
                        + cut.getMessage()));
  }
}
