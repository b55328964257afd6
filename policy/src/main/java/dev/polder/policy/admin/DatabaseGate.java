package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.DatabaseRole;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.DatabaseOperation;
import dev.polder.policy.Decision;
import dev.polder.policy.DeniedException;
import dev.polder.policy.Identity;
import dev.polder.policy.Standing;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lets operations on whole databases pass, by the table in {@link DatabaseOperation}, with the
 * rights as they are in the transaction at hand. A database without a space of the actor's tenant
 * answers as one that does not exist; a mirror that nothing is in yet, to who holds no role on it.
 * Not thread-safe.
 */
public final class DatabaseGate {
  private final MetastoreTransaction tx;
  private final Actor acting;
  private final TenantId tenant;

  private DatabaseGate(MetastoreTransaction tx, Actor acting, TenantId tenant) {
    this.tx = tx;
    this.acting = acting;
    this.tenant = tenant;
  }

  /**
   * The gate before one actor.
   *
   * @param tenant the one that it works in
   */
  public static DatabaseGate of(MetastoreTransaction tx, Identity actor, TenantId tenant) {
    return new DatabaseGate(tx, Actor.of(tx, actor), tenant);
  }

  /** Refuses with {@code ACCESS_DENIED} who may not do that to any database. */
  public void require(DatabaseOperation operation) {
    operation.decide(acting.standings()).require();
  }

  /** Whether the actor may do that to any database, also to one that was dropped. */
  public boolean permits(DatabaseOperation operation) {
    return operation.decide(acting.standings()).allowed();
  }

  /**
   * The database of that number, if the actor may do that to it; a dropped one, if it may do that
   * to any.
   *
   * @throws PolderException ACCESS_DENIED, DATABASE_NOT_FOUND
   */
  public Database requireAlsoDropped(DatabaseOperation operation, DatabaseId id) {
    Database database =
        tx.databases()
            .find(id)
            .filter(found -> found.droppedAt().isPresent() ? permits(operation) : sees(found))
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.DATABASE_NOT_FOUND,
                    "database "
                        + id
                        + " does not exist; SHOW DATABASES and SHOW DROPPED DATABASES list the"
                        + " numbers there are"));
    require(operation.decide(standings(id)), database);
    return database;
  }

  /**
   * The database, if the actor may do that to it.
   *
   * @throws PolderException ACCESS_DENIED, DATABASE_NOT_FOUND
   */
  public Database require(DatabaseOperation operation, DatabaseName name) {
    if (operation.isOfServer()) {
      Decision decision = operation.decide(acting.standings());
      tx.databases().find(name).ifPresent(target -> require(decision, target));
      decision.require();
    }
    Database database =
        tx.databases()
            .find(name)
            .filter(this::sees)
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.DATABASE_NOT_FOUND,
                    "database " + name + " does not exist; SHOW DATABASES lists those there are"));
    require(operation.decide(standings(database.id())), database);
    return database;
  }

  private static void require(Decision decision, Database database) {
    switch (decision) {
      case Decision.Allowed() -> {}
      case Decision.Denied(String reason) ->
          throw new DeniedException(database.id(), "database " + database.name(), reason);
      case Decision.Missing missing -> missing.require();
    }
  }

  /** Refuses who may not make a database for the tenant. */
  public void requireCreate(TenantId of) {
    if (!of.equals(tenant) && !acting.sees(Optional.of(of))) {
      throw new PolderException(ErrorCode.TENANT_NOT_FOUND, "tenant '" + of + "' does not exist");
    }
    require(DatabaseOperation.CREATE);
  }

  /** In what capacity the actor acts on a database. */
  public Set<Standing> standings(DatabaseId database) {
    EnumSet<Standing> standings = acting.standings();
    standings.addAll(held(database));
    return Collections.unmodifiableSet(standings);
  }

  private Collection<Standing> held(DatabaseId database) {
    DatabaseRole strongest =
        acting.databaseRoles(database).stream().max(DatabaseRole::compareTo).orElse(null);
    return switch (strongest) {
      case null -> List.of();
      case READER -> List.of(Standing.READER);
      case EDITOR -> List.of(Standing.READER, Standing.EDITOR);
      case OWNER -> List.of(Standing.READER, Standing.EDITOR, Standing.OWNER);
    };
  }

  private boolean sees(Database database) {
    return acting.superuser()
        || acting.clusterAdmin()
        || tx.spaces().exists(new SpaceKey(database.id(), tenant))
        || (tx.mirrors().unfilled(database.id()).isPresent()
            && !acting.databaseRoles(database.id()).isEmpty());
  }
}
