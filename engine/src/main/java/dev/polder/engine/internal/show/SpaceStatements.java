package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Space;
import dev.polder.metastore.commit.CommitOutcome;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.DatabaseOperation;
import dev.polder.sql.statement.DatabaseStatement.DatabaseChange.AddTenant;
import dev.polder.sql.statement.DatabaseStatement.DatabaseChange.RemoveTenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * ALTER DATABASE … ADD TENANT and REMOVE TENANT: which tenants have a space in a database. Each is
 * a commit of the database, so that its history and its mirrors know. Stateless.
 */
final class SpaceStatements {
  private SpaceStatements() {}

  static Result add(Work work, DatabaseName name, AddTenant add) {
    return work.change(
        add.ifNotExists(),
        ErrorCode.TENANT_EXISTS,
        tx -> {
          Database database = work.gate(tx).require(DatabaseOperation.ADD_TENANT, name);
          SpaceKey space = new SpaceKey(database.id(), tx.tenants().get(add.tenant()).id());
          tx.mirrors().requireWritable(database.id());
          if (tx.spaces().exists(space)) {
            throw new PolderException(
                ErrorCode.TENANT_EXISTS,
                "tenant '" + add.tenant() + "' has a space in database " + name + " already");
          }
          tx.spaces().create(space, commit(work, tx, space, "ADD TENANT " + add.tenant()));
          audit(work, tx, space, EventType.TENANT_ADDED, name);
          return space;
        });
  }

  /** Sessions there end; those of other servers are refused until they USE another database. */
  static Result remove(Work work, DatabaseName name, RemoveTenant remove) {
    List<SpaceKey> removed = new ArrayList<>();
    Result done =
        work.change(
            remove.ifExists(),
            ErrorCode.TENANT_NOT_FOUND,
            tx -> {
              removed.clear();
              Database database = work.gate(tx).require(DatabaseOperation.REMOVE_TENANT, name);
              SpaceKey space = new SpaceKey(database.id(), remove.tenant());
              if (!tx.spaces().exists(space)) {
                throw Space.missing(ErrorCode.TENANT_NOT_FOUND, name, remove.tenant());
              }
              tx.mirrors().requireWritable(database.id());
              tx.moves().requireNone(space);
              requireRemovable(work, tx, name, space);
              tx.cuts().clear(space, commit(work, tx, space, "REMOVE TENANT " + remove.tenant()));
              tx.cuts().takeAccess(space);
              tx.quotas().forget(space);
              tx.spaces().retire(space);
              audit(work, tx, space, EventType.TENANT_REMOVED, name);
              removed.add(space);
              return space;
            });
    removed.forEach(work.context().engine().sessions()::endIn);
    return done;
  }

  private static void requireRemovable(
      Work work, MetastoreTransaction tx, DatabaseName name, SpaceKey space) {
    DatabaseStatements.firstMember(tx, space)
        .ifPresent(member -> {
          throw new PolderException(
              ErrorCode.TENANT_NOT_EMPTY,
              "the space of tenant '"
                  + space.tenant()
                  + "' in database "
                  + name
                  + " still holds tables or views, such as "
                  + member.ref()
                  + "; drop them first, or MOVE TENANT "
                  + space.tenant()
                  + " FROM "
                  + name
                  + " TO another database");
        });
    if (space.equals(new SpaceKey(DatabaseId.DEFAULT, TenantId.DEFAULT))) {
      throw new PolderException(
          ErrorCode.CANNOT_DROP_DEFAULT_DATABASE,
          "the default tenant stays in the default database: sessions that name neither begin"
              + " there");
    }
    if (space.equals(work.context().session().space())) {
      throw new PolderException(
          ErrorCode.TENANT_NOT_EMPTY,
          "this session works in the space that is to go; USE another database first");
    }
  }

  private static CommitOutcome.Committed commit(
      Work work, MetastoreTransaction tx, SpaceKey space, String operation) {
    return tx.commits()
        .next(space.database(), Optional.of(work.actor().name()), space.tenant(), operation);
  }

  private static void audit(
      Work work, MetastoreTransaction tx, SpaceKey space, EventType type, DatabaseName name) {
    Audit.changed(
        tx,
        work.actor(),
        space.database(),
        Optional.of(space.tenant()),
        type,
        name.value(),
        Map.of("tenant", space.tenant().value()));
  }
}
