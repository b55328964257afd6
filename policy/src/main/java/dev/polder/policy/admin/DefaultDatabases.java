package dev.polder.policy.admin;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Space;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.AccessControl;

/** What may be somebody's default database, and where a tenant has a space. Stateless. */
final class DefaultDatabases {
  private DefaultDatabases() {}

  /** A name tells whoever sets their own default no more than binding to it would. */
  static Database find(
      MetastoreTransaction tx, Actor acting, Principal user, TenantId session, DatabaseName name) {
    if (acting.superuser() || acting.clusterAdmin()) {
      Database database = tx.databases().get(name);
      user.tenant().ifPresent(tenant -> requireSpace(tx, database, tenant));
      return database;
    }
    Database database =
        tx.databases()
            .find(name)
            .filter(found -> tx.spaces().exists(new SpaceKey(found.id(), session)))
            .orElseThrow(() ->
                new PolderException(
                    ErrorCode.DATABASE_NOT_FOUND,
                    "database " + name + " does not exist; SHOW DATABASES lists those there are"));
    SpaceKey space = new SpaceKey(database.id(), session);
    if (!AccessControl.accessInWrite(tx, acting.identity(), space).mayBind()) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED,
          "no grant on anything in database " + name + "; ask an administrator for one");
    }
    return database;
  }

  static void requireSpace(MetastoreTransaction tx, Database database, TenantId tenant) {
    if (!tx.spaces().exists(new SpaceKey(database.id(), tenant))) {
      throw Space.missing(ErrorCode.INVALID_PARAMETER, database.name(), tenant);
    }
  }
}
