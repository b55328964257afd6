package dev.polder.engine.internal.show;

import dev.polder.engine.internal.space.PinnedSpace;
import dev.polder.lake.LakeCollection;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import dev.polder.model.TenantId;
import dev.polder.policy.Standing;
import dev.polder.sql.statement.ObjectName;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * Finds what administrative statements name, in the newest commit. The session's own space is open
 * to everybody's look-up; another one only to those who administer it, and answers others as if it
 * were not there. For one unit of work.
 */
record Places(Work work, MetastoreTransaction tx) {
  /** A tenant's space in a database; empty: those of the session. */
  SpaceKey space(Optional<String> database, Optional<TenantId> tenant) {
    SpaceKey own = work.context().session().space();
    TenantId of = tenant.orElse(own.tenant());
    DatabaseName name = database.map(DatabaseName::new).orElse(work.context().session().database());
    if (of.equals(own.tenant()) && name.equals(work.context().session().database())) {
      return own;
    }
    if (!mayEnter(of)) {
      throw new PolderException(ErrorCode.TENANT_NOT_FOUND, "tenant '" + of + "' does not exist");
    }
    return tx.databases()
        .find(name)
        .map(Database::id)
        .map(id -> new SpaceKey(id, of))
        .filter(tx.spaces()::exists)
        .filter(this::administers)
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.DATABASE_NOT_FOUND,
                "database "
                    + name
                    + " does not exist or has no space of tenant '"
                    + of
                    + "'; SHOW DATABASES lists those you may use"));
  }

  private boolean mayEnter(TenantId tenant) {
    return work.actor().superuser() || tenant.equals(work.context().session().space().tenant());
  }

  private boolean administers(SpaceKey space) {
    return work.context().engine().accessControl().access(tx, work.actor(), space).administrator()
        || work.gate(tx).standings(space.database()).contains(Standing.OWNER);
  }

  /** A name in a space; {@code d.s.t} names its database itself. */
  Found collection(ObjectName name, Optional<TenantId> tenant) {
    return find(name, tenant)
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.COLLECTION_NOT_FOUND,
                "table or view " + name + " does not exist; SHOW TABLES lists what there is"));
  }

  /** As {@link #collection}; empty: there is no such table or view. */
  Optional<Found> find(ObjectName name, Optional<TenantId> tenant) {
    List<String> parts = name.parts();
    SpaceKey space =
        space(parts.size() == 3 ? Optional.of(parts.getFirst()) : Optional.empty(), tenant);
    SchemaName schema =
        parts.size() == 1
            ? work.context().session().schema()
            : new SchemaName(parts.get(parts.size() - 2));
    PinnedSpace reader = reader(space);
    return reader
        .find(new TableRef(schema, name.last()), Optional.empty())
        .map(entry -> new Found(entry, reader.schema(entry)));
  }

  dev.polder.metastore.catalog.Schema schema(ObjectName name, Optional<TenantId> tenant) {
    List<String> parts = name.parts();
    SpaceKey space =
        space(parts.size() == 2 ? Optional.of(parts.getFirst()) : Optional.empty(), tenant);
    return tx.schemas()
        .find(space, new SchemaName(name.last()))
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.SCHEMA_NOT_FOUND,
                "schema " + name + " does not exist; SHOW SCHEMAS lists what there is"));
  }

  PinnedSpace reader(SpaceKey space) {
    return PinnedSpace.newest(work.context().engine().lake(), tx, space);
  }

  /** A table or view with its columns. */
  record Found(LakeCollection entry, Schema schema) {
    /** A column by its name, without regard to case. */
    Types.NestedField column(String name) {
      return schema.columns().stream()
          .filter(field -> field.name().equalsIgnoreCase(name))
          .findFirst()
          .orElseThrow(() ->
              new PolderException(
                  ErrorCode.COLUMN_NOT_FOUND,
                  "column " + name + " does not exist in " + entry.ref()));
    }
  }
}
