package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
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
import dev.polder.policy.AccessControl;
import dev.polder.sql.statement.AdminStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * CREATE and DROP DATABASE: a superuser's work, or a {@code tenant_admin}'s for databases that are
 * its tenant's alone. Stateless.
 */
final class DatabaseStatements {
  private DatabaseStatements() {}

  static Result run(Work work, AdminStatement.DatabaseStatement statement) {
    return switch (statement) {
      case AdminStatement.CreateDatabase create -> create(work, create);
      case AdminStatement.DropDatabase drop ->
          work.change(
              drop.ifExists(),
              ErrorCode.DATABASE_NOT_FOUND,
              tx -> {
                drop(work, tx, drop);
                return drop;
              });
    };
  }

  private static Result create(Work work, AdminStatement.CreateDatabase create) {
    requireKnown(create.options());
    TenantId tenant = create.tenant().orElseGet(work::sessionTenant);
    Optional<Database> existing =
        work.write(tx -> {
          requireAdministrator(work, tx, tenant, "create databases");
          Optional<Database> found =
              create.ifNotExists() ? tx.databases().find(create.database()) : Optional.empty();
          if (found.isEmpty()) {
            create(work, tx, create.database(), tenant);
          } else if (!tx.spaces().exists(new SpaceKey(found.get().id(), tenant))) {
            throw new PolderException(
                ErrorCode.DATABASE_EXISTS,
                "the name " + create.database() + " is taken; choose another one");
          }
          return found;
        });
    existing.ifPresent(database ->
        work.context()
            .notice("DATABASE_EXISTS", "database " + database.name() + " exists already"));
    return work.done();
  }

  private static void create(
      Work work, MetastoreTransaction tx, DatabaseName name, TenantId tenant) {
    tx.tenants().get(tenant);
    Database database = tx.databases().create(name, DatabaseKind.LAKE, Map.of());
    tx.spaces().create(new SpaceKey(database.id(), tenant));
    Audit.changed(
        tx,
        work.actor(),
        Optional.of(tenant),
        "CREATE DATABASE",
        name.value(),
        Map.of("database", database.id().toString()));
  }

  private static void requireKnown(Map<String, String> options) {
    options.forEach((key, value) -> {
      boolean lake =
          key.equalsIgnoreCase("kind") && value.equalsIgnoreCase(DatabaseKind.LAKE.name());
      if (!lake) {
        throw new PolderException(
            ErrorCode.NOT_SUPPORTED,
            "databases cannot be made with "
                + key.toLowerCase(Locale.ROOT)
                + " = '"
                + value
                + "'; the only option is kind = 'lake'");
      }
    });
  }

  private static void drop(Work work, MetastoreTransaction tx, AdminStatement.DropDatabase drop) {
    DatabaseName name = drop.database();
    if (name.equals(DatabaseName.DEFAULT)) {
      throw new PolderException(
          ErrorCode.CANNOT_DROP_DEFAULT_DATABASE,
          "the default database cannot be dropped; drop the tables in it instead");
    }
    Database database = tx.databases().find(name).orElseThrow(() -> notFound(name));
    List<SpaceKey> spaces = spaces(tx, database.id());
    requireDroppable(work, tx, name, spaces);
    List<CollectionEntry> members = new ArrayList<>();
    spaces.forEach(space -> members.addAll(firstMember(tx, space).stream().toList()));
    if (!members.isEmpty() && !drop.cascade()) {
      throw new PolderException(
          ErrorCode.COLLECTION_EXISTS,
          "database "
              + name
              + " still holds tables or views, such as "
              + members.getFirst().ref()
              + "; drop them first or use DROP DATABASE … CASCADE");
    }
    tx.databases().drop(database.id());
    Audit.changed(
        tx,
        work.actor(),
        spaces.size() == 1 ? Optional.of(spaces.getFirst().tenant()) : Optional.empty(),
        "DROP DATABASE",
        name.value(),
        Map.of("database", database.id().toString(), "cascade", Boolean.toString(drop.cascade())));
  }

  private static void requireDroppable(
      Work work, MetastoreTransaction tx, DatabaseName name, List<SpaceKey> spaces) {
    if (work.actor().superuser()) {
      return;
    }
    TenantId own = work.sessionTenant();
    if (spaces.stream().noneMatch(space -> space.tenant().equals(own))) {
      throw notFound(name);
    }
    requireAdministrator(work, tx, own, "drop databases");
    if (spaces.size() > 1) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED,
          "database " + name + " holds other tenants' spaces too; only a superuser may drop it");
    }
  }

  private static void requireAdministrator(
      Work work, MetastoreTransaction tx, TenantId tenant, String action) {
    Optional<TenantId> own = work.actor().tenant();
    if (own.isPresent() && !own.get().equals(tenant)) {
      throw new PolderException(
          ErrorCode.TENANT_NOT_FOUND, "tenant '" + tenant + "' does not exist");
    }
    SpaceKey space = new SpaceKey(DatabaseId.DEFAULT, tenant);
    if (!AccessControl.accessInWrite(tx, work.actor(), space).administrator()) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED,
          "only a superuser or a tenant_admin of '" + tenant + "' may " + action);
    }
  }

  private static List<SpaceKey> spaces(MetastoreTransaction tx, DatabaseId database) {
    List<SpaceKey> spaces = new ArrayList<>();
    Work.<Space>each(
        after -> tx.spaces().list(database, after, Page.MAX_LIMIT),
        space -> spaces.add(space.key()));
    return spaces;
  }

  private static Optional<CollectionEntry> firstMember(MetastoreTransaction tx, SpaceKey space) {
    List<CollectionEntry> members = new ArrayList<>();
    Work.<dev.polder.metastore.catalog.Schema>each(
        after -> tx.schemas().list(space, after, Page.MAX_LIMIT),
        schema -> members.addAll(tx.collections().list(schema.id(), Optional.empty(), 1).items()));
    return members.stream().findFirst();
  }

  private static PolderException notFound(DatabaseName name) {
    return new PolderException(
        ErrorCode.DATABASE_NOT_FOUND,
        "database " + name + " does not exist; SHOW DATABASES lists those there are");
  }
}
