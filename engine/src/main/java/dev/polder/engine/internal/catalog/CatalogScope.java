package dev.polder.engine.internal.catalog;

import dev.polder.engine.internal.execute.CreatorGrants;
import dev.polder.engine.internal.execute.EngineParts;
import dev.polder.engine.internal.execute.Rights;
import dev.polder.engine.internal.session.Bindings;
import dev.polder.lake.CommitNote;
import dev.polder.lake.IsolationLevel;
import dev.polder.lake.LakeCollection;
import dev.polder.lake.LakeTransaction;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.AuditedStatement;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Schema;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.policy.Access;
import dev.polder.policy.AccessControl;
import dev.polder.policy.DeniedException;
import dev.polder.policy.Identity;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One principal in one space: every piece of work reads its login and its rights in the metastore
 * transaction that it runs in. Thread-safe.
 *
 * @param shown how the client named it
 */
record CatalogScope(
    EngineParts engine, Identity identity, SpaceKey space, String shown, KeptNames names) {
  /**
   * Reads with the principal's rights.
   *
   * @param operation for the audit trail, should it be refused
   */
  <T> T read(String operation, String object, BiFunction<MetastoreTransaction, Access, T> work) {
    return readBound(operation, object, (tx, bound) -> work.apply(tx, bound.access()));
  }

  /** The database as it is, and what the principal may do in the space. */
  record Bound(Database database, Access access) {}

  /** The same for what asks the database, too. */
  <T> T readBound(String operation, String object, BiFunction<MetastoreTransaction, Bound, T> work) {
    engine.quotas().admit(space);
    return audited(
        operation, object, () -> engine.metastore().read(tx -> work.apply(tx, bound(tx))));
  }

  /** Changes what is no commit's, with the principal's rights. */
  <T> T write(String operation, String object, BiFunction<MetastoreTransaction, Access, T> work) {
    engine.quotas().admit(space);
    return audited(
        operation,
        object,
        () ->
            engine
                .metastore()
                .write(tx -> {
                  Rights.requireValid(tx, engine, identity);
                  database(tx);
                  return work.apply(tx, AccessControl.accessInWrite(tx, identity, space));
                }));
  }

  /** Runs a commit of the lake, whose refusals the trail is told of. */
  <T> T audited(String operation, String object, Supplier<T> work) {
    try {
      return work.get();
    } catch (PolderException e) {
      if (e.code() == ErrorCode.ACCESS_DENIED) {
        boolean outside = e instanceof DeniedException denied && denied.database().isPresent();
        engine
            .auditLog()
            .denied(
                identity,
                Optional.of(space),
                outside ? "BIND" : operation,
                outside ? shown : object,
                String.valueOf(e.getMessage()),
                "");
      }
      throw e;
    }
  }

  private Bound bound(MetastoreTransaction tx) {
    Rights.requireValidInRead(tx, engine, identity);
    Database database = database(tx);
    return new Bound(database, Bindings.access(engine, tx, identity, space, database));
  }

  Database database(MetastoreTransaction tx) {
    Database database =
        tx.databases()
            .find(space.database())
            .filter(found -> found.droppedAt().isEmpty())
            .orElseThrow(() -> LocalCatalogService.notFound(shown));
    if (!tx.spaces().exists(space)) {
      Bindings.requireFilled(engine, tx, identity, space);
      throw LocalCatalogService.notFound(shown);
    }
    return database;
  }

  /** A schema that the principal may know of. */
  Schema schema(MetastoreTransaction tx, Access access, SchemaName name) {
    return tx.schemas()
        .find(space, name)
        .filter(found -> access.visible(found.id()))
        .orElseThrow(() -> Sentences.noNamespace(name));
  }

  /** A schema that the principal may create in. */
  Schema creatable(MetastoreTransaction tx, Access access, SchemaName name) {
    Schema schema = tx.schemas().find(space, name).orElseThrow(() -> Sentences.noNamespace(name));
    access.onSchema(Privilege.CREATE, schema.id(), name.value()).require();
    return schema;
  }

  CommitNote note(String operation) {
    return new CommitNote(
        operation,
        Optional.of(identity.name()),
        Optional.of(identity.id()),
        List.of(),
        List.of(),
        List.of());
  }

  /** Commits changes of names. */
  void change(String operation, Consumer<LakeTransaction> work) {
    try (LakeTransaction transaction =
        engine
            .metastore()
            .read(tx ->
                engine
                    .lake()
                    .begin(space, engine.lake().snapshot(tx, space), IsolationLevel.SNAPSHOT))) {
      work.accept(transaction);
      transaction.commit(note(operation));
    }
  }

  /** The creator may do everything with what it made. */
  void created(LakeCollection made) {
    grant(List.of(made), List.of());
  }

  void created(SchemaName made) {
    grant(List.of(), List.of(made));
  }

  private void grant(List<LakeCollection> collections, List<SchemaName> schemas) {
    if (!identity.superuser()) {
      engine
          .metastore()
          .write(tx -> {
            CreatorGrants.grant(tx, identity, space, collections, schemas);
            return true;
          });
    }
  }

  /** Tells the trail that the principal was given all it needs to read a table's rows. */
  void handedOut(Database database, LakeCollection table) {
    if (database.auditDml().keepsReads()) {
      AuditedStatement load =
          new AuditedStatement(
              Optional.of(identity.name()),
              Optional.of(identity.id()),
              "LOAD TABLE",
              "",
              0,
              List.of(table.ref().toString()));
      engine
          .auditLog()
          .happened(List.of(load.in(space, OptionalLong.empty(), AuditOutcome.SUCCESS)));
    }
  }
}
