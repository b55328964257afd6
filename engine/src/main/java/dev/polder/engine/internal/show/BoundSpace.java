package dev.polder.engine.internal.show;

import dev.polder.engine.internal.execute.Rights;
import dev.polder.engine.internal.space.PinnedSpace;
import dev.polder.lake.LakeCollection;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SchemaName;
import dev.polder.model.TableRef;
import dev.polder.policy.Access;
import dev.polder.policy.Decision;
import dev.polder.sql.authorise.SpaceReader;
import dev.polder.sql.statement.ObjectName;
import java.util.List;
import java.util.Optional;

/**
 * The space that the session is bound to, as its principal sees it. For one unit of work.
 *
 * @param reader inside a transaction with the transaction's own changes
 */
record BoundSpace(Work work, Access access, PinnedSpace reader) {
  static BoundSpace of(Work work, MetastoreTransaction tx) {
    return new BoundSpace(
        work,
        Rights.of(tx, work.context()),
        new PinnedSpace(
            work.context().engine().lake(),
            tx,
            work.context().session().space(),
            work.context().transaction()));
  }

  String database() {
    return work.context().session().database().value();
  }

  List<SpaceReader.SchemaEntry> schemas() {
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
        here
            ? reader.find(new TableRef(schema, name.last()), Optional.empty())
            : Optional.empty();
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
