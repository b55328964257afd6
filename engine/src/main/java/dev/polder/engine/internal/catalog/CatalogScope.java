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
import dev.polder.metastore.commit.CommitStep;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Privilege;
import dev.polder.model.SchemaName;
import dev.polder.model.SpaceKey;
import dev.polder.policy.Access;
import dev.polder.policy.AccessControl;
import dev.polder.policy.DeniedException;
import dev.polder.policy.Identity;
import java.util.ArrayList;
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
    EngineParts engine,
    Identity identity,
    SpaceKey space,
    String shown,
    KeptNames names,
    Optional<RequestAttempt> request) {
  CatalogScope(
      EngineParts engine, Identity identity, SpaceKey space, String shown, KeptNames names) {
    this(engine, identity, space, shown, names, Optional.empty());
  }

  /** The same for a request that may be sent again. */
  CatalogScope with(RequestAttempt attempt) {
    return new CatalogScope(engine, identity, space, shown, names, Optional.of(attempt));
  }

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

  /** The same for what is part of something that was counted against the quotas already. */
  <T> T uncounted(BiFunction<MetastoreTransaction, Access, T> work) {
    return engine.metastore().read(tx -> work.apply(tx, bound(tx).access()));
  }

  /** The rights as they are now. */
  Access access() {
    return engine.metastore().read(tx -> bound(tx).access());
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

  /**
   * A note for the one commit of a request.
   *
   * @param steps what else its transaction does
   */
  CommitNote note(String operation, CommitStep... steps) {
    return note(operation, Optional.empty(), List.of(steps));
  }

  /**
   * The same.
   *
   * @param detail what the request's answer needs besides the state after the commit
   */
  CommitNote note(String operation, Optional<String> detail, List<CommitStep> steps) {
    List<CommitStep> all = new ArrayList<>(steps);
    request.ifPresent(attempt ->
        all.add((tx, commit) -> attempt.complete(tx, OptionalLong.of(commit.seq()), detail)));
    return new CommitNote(
            operation,
            Optional.of(identity.name()),
            Optional.of(identity.id()),
            List.of(),
            List.of(),
            List.of())
        .with(all);
  }

  /** Ends the request in a transaction that is no commit's. */
  void complete(MetastoreTransaction tx, String detail) {
    request.ifPresent(attempt -> attempt.complete(tx, OptionalLong.empty(), Optional.of(detail)));
  }

  /** Commits changes of names. */
  void change(CommitNote note, Consumer<LakeTransaction> work) {
    try (LakeTransaction transaction =
        engine
            .metastore()
            .read(tx ->
                engine
                    .lake()
                    .begin(space, engine.lake().snapshot(tx, space), IsolationLevel.SNAPSHOT))) {
      work.accept(transaction);
      transaction.commit(note);
    }
  }

  /** The creator may do everything with what it made, from the commit on. */
  CommitStep created(LakeCollection... made) {
    return granted(List.of(made), List.of());
  }

  CommitStep created(SchemaName made) {
    return granted(List.of(), List.of(made));
  }

  private CommitStep granted(List<LakeCollection> collections, List<SchemaName> schemas) {
    return (tx, commit) -> {
      if (!identity.superuser()) {
        CreatorGrants.grant(tx, identity, space, collections, schemas);
      }
    };
  }

  /** Tells the trail that the principal was given all it needs to read a table's rows. */
  void handedOut(String operation, Database database, LakeCollection table) {
    if (database.auditDml().keepsReads()) {
      AuditedStatement load =
          new AuditedStatement(
              Optional.of(identity.name()),
              Optional.of(identity.id()),
              operation,
              "",
              0,
              List.of(table.ref().toString()));
      engine
          .auditLog()
          .happened(List.of(load.in(space, OptionalLong.empty(), AuditOutcome.SUCCESS)));
    }
  }
}
