package dev.polder.engine.internal.show;

import dev.polder.lake.lineage.Clones;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.CollectionEntry;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.catalog.Space;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.DatabaseOperation;
import dev.polder.policy.Identity;
import dev.polder.policy.admin.DatabaseGate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How databases begin and end, whatever asked for it. Stateless. */
public final class DatabaseLifecycle {
  private DatabaseLifecycle() {}

  /** Makes a database with one space; that the actor may is the caller's to ask. */
  public static Database create(
      MetastoreTransaction tx, Identity actor, DatabaseName name, TenantId tenant) {
    return create(tx, actor, name, tenant, DatabaseKind.LAKE);
  }

  static Database create(
      MetastoreTransaction tx,
      Identity actor,
      DatabaseName name,
      TenantId tenant,
      DatabaseKind kind) {
    tx.tenants().get(tenant);
    Database database = tx.databases().create(name, kind, Map.of());
    tx.spaces().create(new SpaceKey(database.id(), tenant));
    Audit.changed(
        tx,
        actor,
        database.id(),
        Optional.of(tenant),
        EventType.DATABASE_CREATED,
        name.value(),
        Map.of());
    return database;
  }

  /** A database that the actor may drop. */
  public static Database droppable(MetastoreTransaction tx, DatabaseGate gate, DatabaseName name) {
    Database database = gate.require(DatabaseOperation.DROP, name);
    if (database.id().equals(DatabaseId.DEFAULT)) {
      throw new PolderException(
          ErrorCode.CANNOT_DROP_DEFAULT_DATABASE,
          "the default database cannot be dropped; drop the tables in it instead");
    }
    return database;
  }

  public static void requireEmpty(MetastoreTransaction tx, Database database) {
    Optional<CollectionEntry> member =
        spaces(tx, database.id()).stream()
            .flatMap(space -> DatabaseStatements.firstMember(tx, space).stream())
            .findFirst();
    if (member.isPresent()) {
      throw new PolderException(
          ErrorCode.DATABASE_NOT_EMPTY,
          "database "
              + database.name()
              + " still holds tables or views, such as "
              + member.get().ref()
              + (tx.mirrors().active(database.id()).isPresent()
                  ? "; use DROP DATABASE … CASCADE: a mirror's tables cannot be dropped alone"
                  : "; drop them first or use DROP DATABASE … CASCADE"));
    }
  }

  /**
   * Drops a database that no other one needs.
   *
   * @param mode for the trail
   */
  public static void dropUnneeded(
      MetastoreTransaction tx, Identity actor, Database database, String mode) {
    Clones.requireNoDependents(tx, database);
    drop(tx, actor, database, mode);
  }

  static void drop(MetastoreTransaction tx, Identity actor, Database database, String mode) {
    List<SpaceKey> spaces = spaces(tx, database.id());
    tx.databases().drop(database.id());
    Audit.changed(
        tx,
        actor,
        database.id(),
        spaces.size() == 1 ? Optional.of(spaces.getFirst().tenant()) : Optional.empty(),
        EventType.DATABASE_DROPPED,
        database.name().value(),
        Map.of("mode", mode));
  }

  static List<SpaceKey> spaces(MetastoreTransaction tx, DatabaseId database) {
    return tx.spaces().all(database).stream().map(Space::key).toList();
  }
}
