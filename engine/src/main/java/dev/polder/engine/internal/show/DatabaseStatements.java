package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.lake.lineage.Clones;
import dev.polder.maintenance.Materialization;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.audit.DmlAudit;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Space;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.DatabaseOperation;
import dev.polder.sql.statement.DatabaseStatement;
import dev.polder.sql.statement.DatabaseStatement.DatabaseChange;
import dev.polder.sql.statement.DatabaseStatement.DropMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Statements about databases. Who may run which stands in {@link DatabaseOperation}. Stateless. */
final class DatabaseStatements {
  private DatabaseStatements() {}

  static Result run(Work work, DatabaseStatement statement) {
    return switch (statement) {
      case DatabaseStatement.CreateDatabase create -> create(work, create);
      case DatabaseStatement.DropDatabase drop -> drop(work, drop);
      case DatabaseStatement.UndropDatabase undrop -> undrop(work, undrop.database());
      case DatabaseStatement.AlterDatabase(var _, var name, DatabaseChange.Rename(var to)) ->
          rename(work, name, to);
      case DatabaseStatement.AlterDatabase(var _, var name, DatabaseChange.Materialize()) ->
          MaterializeStatements.run(work, name);
      case DatabaseStatement.AlterDatabase(
              var _,
              var name,
              DatabaseChange.SetIdleTimeout(var seconds)) ->
          setIdleTimeout(work, name, seconds);
      case DatabaseStatement.AlterDatabase(var _, var name, DatabaseChange.SetAuditDml(var mode)) ->
          setAuditDml(work, name, mode);
      case DatabaseStatement.AlterDatabase(var _, var name, DatabaseChange.AddTenant add) ->
          SpaceStatements.add(work, name, add);
      case DatabaseStatement.AlterDatabase(var _, var name, DatabaseChange.RemoveTenant remove) ->
          SpaceStatements.remove(work, name, remove);
      case DatabaseStatement.CloneDatabase clone -> CloneStatements.create(work, clone);
      case DatabaseStatement.ResetDatabase reset -> CloneStatements.reset(work, reset.database());
      case DatabaseStatement.MoveTenant move -> new TenantMoving(work, move).run();
      case DatabaseStatement.BackupDatabase backup -> BackupStatements.backup(work, backup);
      case DatabaseStatement.RestoreDatabase restore -> BackupStatements.restore(work, restore);
      case DatabaseStatement.ShowBackups ignored -> BackupStatements.show(work);
      case DatabaseStatement.ShowLineage show ->
          CloneStatements.lineage(work, show.database()).answer(work.context());
      case DatabaseStatement.ShowDatabaseDiff show ->
          DatabaseDiff.of(work, show.left(), show.right()).answer(work.context());
    };
  }

  private static Result rename(Work work, DatabaseName name, DatabaseName to) {
    work.write(tx -> {
      Database database = work.gate(tx).require(DatabaseOperation.RENAME, name);
      tx.databases().rename(database.id(), to);
      audit(work, tx, database.id(), EventType.DATABASE_RENAMED, name, Map.of("to", to.value()));
      return database;
    });
    return work.done();
  }

  private static Result setIdleTimeout(Work work, DatabaseName name, long seconds) {
    work.write(tx -> {
      Database database = work.gate(tx).require(DatabaseOperation.SET_IDLE_TIMEOUT, name);
      tx.databases().setIdleTimeout(database.id(), seconds);
      audit(
          work,
          tx,
          database.id(),
          EventType.IDLE_TIMEOUT_CHANGED,
          name,
          Map.of("seconds", Long.toString(seconds)));
      return database;
    });
    return work.done();
  }

  private static Result setAuditDml(Work work, DatabaseName name, String asked) {
    DmlAudit mode =
        DmlAudit.parse(asked)
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.INVALID_PARAMETER, "AUDIT_DML is 'all', 'writes' or 'none'"));
    work.write(tx -> {
      Database database = work.gate(tx).require(DatabaseOperation.SET_AUDIT_DML, name);
      tx.databases().setAuditDml(database.id(), mode);
      audit(
          work,
          tx,
          database.id(),
          EventType.AUDIT_DML_CHANGED,
          name,
          Map.of("from", database.auditDml().word(), "to", mode.word()));
      return database;
    });
    return work.done();
  }

  private static Result undrop(Work work, DatabaseName name) {
    work.write(tx -> {
      work.gate(tx).require(DatabaseOperation.UNDROP);
      Database database =
          tx.databases()
              .findDropped(name)
              .orElseThrow(() ->
                  new PolderException(
                      ErrorCode.DATABASE_NOT_FOUND, "no database " + name + " was dropped"));
      tx.databases().undrop(database.id());
      audit(work, tx, database.id(), EventType.DATABASE_UNDROPPED, name, Map.of());
      return database;
    });
    return work.done();
  }

  /** Tells the database's chain of something that concerns it as a whole. */
  static void audit(
      Work work,
      MetastoreTransaction tx,
      DatabaseId database,
      EventType type,
      DatabaseName name,
      Map<String, String> detail) {
    Audit.changed(tx, work.actor(), database, Optional.empty(), type, name.value(), detail);
  }

  private static Result create(Work work, DatabaseStatement.CreateDatabase create) {
    DatabaseOptions options = DatabaseOptions.ofNew(create.options());
    TenantId tenant = create.tenant().orElseGet(work::sessionTenant);
    Optional<Database> existing =
        work.write(tx -> {
          work.gate(tx).requireCreate(tenant);
          if (!options.quota().values().isEmpty()) {
            // Else whoever may make databases could set aside the limits that hold by default.
            work.gate(tx).require(DatabaseOperation.SET_QUOTA);
          }
          Optional<Database> found =
              create.ifNotExists() ? tx.databases().find(create.database()) : Optional.empty();
          if (found.isEmpty()) {
            create(work, tx, create.database(), tenant, options);
          } else if (!tx.spaces().exists(new SpaceKey(found.get().id(), tenant))) {
            throw Space.missing(ErrorCode.DATABASE_EXISTS, create.database(), tenant);
          }
          return found;
        });
    existing.ifPresent(database ->
        work.context()
            .notice("DATABASE_EXISTS", "database " + database.name() + " exists already"));
    return work.done();
  }

  private static void create(
      Work work,
      MetastoreTransaction tx,
      DatabaseName name,
      TenantId tenant,
      DatabaseOptions options) {
    Database database = DatabaseLifecycle.create(tx, work.actor(), name, tenant, options.kind());
    options.apply(tx, database.id(), work.actor().name());
  }

  private static Result drop(Work work, DatabaseStatement.DropDatabase drop) {
    if (drop.mode() == DropMode.FORCE) {
      MaterializeStatements.freeClones(work, drop.database());
    }
    List<Materialization.Begun> freed = new ArrayList<>();
    Result done =
        work.change(
            drop.ifExists(),
            ErrorCode.DATABASE_NOT_FOUND,
            tx -> {
              freed.clear();
              drop(work, tx, drop, freed);
              return drop;
            });
    freed.forEach(mirror -> MaterializeStatements.finish(work, mirror));
    return freed.isEmpty() ? done : work.done();
  }

  /** What depends on it no longer as a mirror is added to those freed. */
  private static void drop(
      Work work,
      MetastoreTransaction tx,
      DatabaseStatement.DropDatabase drop,
      List<Materialization.Begun> freed) {
    Database database = DatabaseLifecycle.droppable(tx, work.gate(tx), drop.database());
    if (drop.mode() == DropMode.RESTRICT) {
      DatabaseLifecycle.requireEmpty(tx, database);
    }
    if (drop.mode() == DropMode.FORCE) {
      Clones.requireNoClones(tx, database);
      freed.addAll(MaterializeStatements.freeMirrors(work, tx, database));
      DatabaseLifecycle.drop(tx, work.actor(), database, drop.mode().name());
    } else {
      DatabaseLifecycle.dropUnneeded(tx, work.actor(), database, drop.mode().name());
    }
  }

  static Optional<CollectionEntry> firstMember(MetastoreTransaction tx, SpaceKey space) {
    List<CollectionEntry> members = new ArrayList<>();
    Work.<dev.polder.metastore.catalog.Schema>each(
        after -> tx.schemas().list(space, after, Page.MAX_LIMIT),
        schema -> members.addAll(tx.collections().list(schema.id(), Optional.empty(), 1).items()));
    return members.stream().findFirst();
  }

  static PolderException notFound(DatabaseName name) {
    return new PolderException(
        ErrorCode.DATABASE_NOT_FOUND,
        "database " + name + " does not exist; SHOW DATABASES lists those there are");
  }
}
