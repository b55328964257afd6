package dev.polder.engine.internal.show;

import dev.polder.engine.internal.execute.Rights;
import dev.polder.engine.internal.execute.StatementContext;
import dev.polder.engine.internal.space.PinnedSpace;
import dev.polder.lake.Lake;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeSchema;
import dev.polder.lake.LakeTransaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TableRef;
import dev.polder.policy.Access;
import dev.polder.policy.Decision;
import dev.polder.sql.statement.ObjectName;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The space that the session is bound to, as its principal sees it. For one look.
 *
 * @param reader inside a transaction with the transaction's own changes
 */
record BoundSpace(Work work, Access access, PinnedSpace reader) {
  /** Looks at the space: within one unit of work, or as the open transaction sees it. */
  static <T> T look(Work work, Function<BoundSpace, T> look) {
    StatementContext context = work.context();
    LakeTransaction transaction = context.transaction();
    SpaceKey space = context.session().space();
    Lake lake = context.engine().lake();
    if (transaction == null) {
      return work.read(tx ->
          look.apply(
              new BoundSpace(work, Rights.of(tx, context), PinnedSpace.newest(lake, tx, space))));
    }
    // A transaction looks its names up by itself, in units of work of its own.
    return look.apply(
        new BoundSpace(
            work,
            work.read(tx -> Rights.of(tx, context)),
            PinnedSpace.of(lake, context.engine().metastore(), space, transaction)));
  }

  String database() {
    return work.context().session().database().value();
  }

  List<LakeSchema> schemas() {
    return reader.schemas().stream().filter(schema -> access.visible(schema.id())).toList();
  }

  /** Tables and views on which, above which or in which something is granted. */
  List<LakeCollection> collections() {
    return reader.collections().stream()
        .filter(entry -> access.visible(entry.schema(), entry.id()))
        .toList();
  }

  /** Refuses a database that the session is not bound to. */
  void requireBound(String database) {
    if (!isBound(database)) {
      throw new PolderException(
          ErrorCode.DATABASE_NOT_FOUND,
          "database "
              + database
              + " does not exist or is not the one this session is bound to; USE binds to another");
    }
  }

  boolean isBound(String database) {
    return database.equalsIgnoreCase(database());
  }

  /** A table or view by name, if anything on or in it is granted. */
  LakeCollection visible(ObjectName name) {
    List<String> parts = name.parts();
    boolean here = parts.size() < 3 || isBound(parts.getFirst());
    SchemaName schema =
        parts.size() == 1
            ? work.context().session().schema()
            : new SchemaName(parts.get(parts.size() - 2));
    Optional<LakeCollection> found =
        here ? reader.find(new TableRef(schema, name.last()), Optional.empty()) : Optional.empty();
    LakeCollection entry =
        found.orElseThrow(() ->
            new PolderException(
                ErrorCode.COLLECTION_NOT_FOUND,
                "table or view " + name + " does not exist; SHOW TABLES lists what there is"));
    if (!access.visible(entry.schema(), entry.id())) {
      Decision.missing("SELECT", entry.ref().toString()).require();
    }
    return entry;
  }
}
