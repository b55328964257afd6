package dev.polder.metastore.commit;

import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.catalog.CollectionKind;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.internal.CollectionWriter;
import dev.polder.metastore.internal.LedgerWriter;
import dev.polder.metastore.internal.SchemaWriter;
import dev.polder.metastore.internal.Transaction;
import dev.polder.metastore.quota.StorageCheck;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.SchemaName;
import dev.polder.model.SourceAlias;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Commits of databases and their log. A database's commits have the sequence numbers 1, 2, 3 … and
 * strictly rising times. Bound to one transaction.
 */
public final class CommitStore {
  private final Transaction tx;

  public CommitStore(Transaction tx) {
    this.tx = tx;
  }

  /**
   * Applies the request as the database's next commit, or nothing of it on a conflict. Broken rules
   * (a name that is taken, a schema that is not empty) are exceptions.
   */
  public CommitOutcome commit(CommitRequest request) {
    Database database = tx.databases().get(request.database());
    if (database.droppedAt().isPresent() || !tx.spaces().exists(request.space())) {
      throw new PolderException(
          ErrorCode.DATABASE_NOT_FOUND, "database '" + database.name() + "' does not exist");
    }
    tx.moves().requireNone(request.space());
    if (database.kind() == DatabaseKind.MEMORY) {
      requireNoTables(database, request);
    }
    List<CollectionChange> changes =
        request.collectionChanges().stream()
            .sorted(Comparator.comparing(change -> change.id().value()))
            .toList();
    CollectionWriter collections = new CollectionWriter(tx, request.space());
    Optional<CommitOutcome.Conflict> conflict = collections.check(changes);
    if (conflict.isPresent()) {
      return conflict.get();
    }
    CommitOutcome.Committed next =
        next(database.id(), request.principal(), request.tenant(), request.operation());
    long seq = next.seq();
    long at = next.committedAt();
    StorageCheck storage = StorageCheck.begin(tx, request.space());
    applySchemas(request, seq, at);
    collections.apply(changes, seq, at);
    dropSchemas(request, seq, at);
    new LedgerWriter(tx).write(request.space(), seq, request.files());
    if (!request.onlyDeletes()) {
      storage.require();
    }
    tx.outbox().append(request.events());
    List<AuditEvent> told = new ArrayList<>(request.audit());
    if (database.auditDml().keepsWrites()) {
      request
          .statements()
          .forEach(done -> told.add(done.in(request.space(), OptionalLong.of(seq))));
    }
    tx.audit().appendAll(told);
    request.steps().forEach(step -> step.run(tx, next));
    return next;
  }

  private static void requireNoTables(Database database, CommitRequest request) {
    for (CollectionChange change : request.collectionChanges()) {
      if (change instanceof CollectionChange.Create made && made.kind() != CollectionKind.VIEW) {
        throw new PolderException(
            ErrorCode.NOT_SUPPORTED,
            "database "
                + database.name()
                + " is of kind memory: it has no tables of its own; make '"
                + made.name()
                + "' in another database");
      }
    }
  }

  /** Logs the database's next commit; what it changes is the caller's to write. */
  public CommitOutcome.Committed next(
      DatabaseId id, Optional<PrincipalName> principal, TenantId tenant, String operation) {
    tx.mirrors().requireWritable(id);
    return nextUnguarded(id, principal, tenant, operation);
  }

  /** Logs a commit that changes files and no content, so that a mirror may have it. */
  public CommitOutcome.Committed nextUnguarded(
      DatabaseId id, Optional<PrincipalName> principal, TenantId tenant, String operation) {
    Database database = tx.databases().get(id);
    return log(
        id,
        database.commitSeq() + 1,
        Math.max(database.committedAt() + 1, tx.now()),
        principal,
        tenant,
        operation);
  }

  /**
   * Logs a commit of another database as this one's next: under the same number and time, if those
   * are later than all that this one has, otherwise under the first that are.
   */
  public CommitOutcome.Committed follow(DatabaseId id, CommitInfo commit) {
    Database database = tx.databases().get(id);
    boolean first = !tx.sql().exists("SELECT 1 FROM commit_log WHERE database_id = ? LIMIT 1", id);
    long at =
        first ? commit.committedAt() : Math.max(database.committedAt() + 1, commit.committedAt());
    if (first && commit.seq() == 0) {
      tx.sql().update("UPDATE database_ SET committed_at = ? WHERE id = ?", at, id);
      return new CommitOutcome.Committed(0, at);
    }
    return log(
        id,
        Math.max(database.commitSeq() + 1, commit.seq()),
        at,
        commit.principal(),
        commit.tenant(),
        commit.operation());
  }

  private CommitOutcome.Committed log(
      DatabaseId id,
      long seq,
      long at,
      Optional<PrincipalName> principal,
      TenantId tenant,
      String operation) {
    tx.committed(id);
    tx.sql()
        .update("UPDATE database_ SET commit_seq = ?, committed_at = ? WHERE id = ?", seq, at, id);
    tx.sql()
        .update(
            "INSERT INTO commit_log (database_id, seq, committed_at, principal, tenant, operation)"
                + " VALUES (?, ?, ?, ?, ?, ?)",
            id,
            seq,
            at,
            principal,
            tenant,
            operation);
    return new CommitOutcome.Committed(seq, at);
  }

  /** Makes the database's next commit a later one than a time. */
  public void notBefore(DatabaseId id, long micros) {
    tx.sql()
        .update(
            "UPDATE database_ SET committed_at = ? WHERE id = ? AND committed_at < ?",
            micros,
            id,
            micros);
  }

  /** Lets a database without commits of its own go on from another one's number. */
  public void continueFrom(DatabaseId id, long seq, long committedAt) {
    int set =
        tx.sql()
            .update(
                "UPDATE database_ SET commit_seq = ?, committed_at = ? WHERE id = ? AND commit_seq"
                    + " = 0",
                seq,
                committedAt,
                id);
    if (set != 1) {
      throw new IllegalStateException("database " + id + " has commits already");
    }
  }

  private void applySchemas(CommitRequest request, long seq, long at) {
    SchemaWriter schemas = new SchemaWriter(tx);
    for (SchemaChange change : request.schemaChanges()) {
      switch (change) {
        case SchemaChange.Create create -> {
          requireNoSource(request.space(), create.name());
          schemas.create(create.id(), request.space(), create.name(), create.properties(), seq, at);
        }
        case SchemaChange.Rename rename -> {
          requireNoSource(request.space(), rename.name());
          schemas.rename(request.space(), rename.id(), rename.name(), seq, at);
        }
        case SchemaChange.Drop ignored -> {}
      }
    }
  }

  /** The alias of a source would hide the schema. */
  private void requireNoSource(SpaceKey space, SchemaName name) {
    if (SourceAlias.of(name.value()).flatMap(it -> tx.sources().find(space, it)).isPresent()) {
      throw new PolderException(
          ErrorCode.SCHEMA_EXISTS,
          "'" + name + "' is the alias of a source here; choose another name for the schema");
    }
  }

  private void dropSchemas(CommitRequest request, long seq, long at) {
    SchemaWriter schemas = new SchemaWriter(tx);
    for (SchemaChange change : request.schemaChanges()) {
      if (change instanceof SchemaChange.Drop drop) {
        schemas.drop(request.space(), drop.id(), seq, at);
      }
    }
  }

  /** The last commit at or before the time, in microseconds; 0 is the empty start. */
  public OptionalLong seqAt(DatabaseId database, long micros) {
    Optional<Long> seq =
        tx.sql()
            .one(
                "SELECT seq FROM commit_log WHERE database_id = ? AND committed_at <= ?"
                    + " ORDER BY committed_at DESC LIMIT 1",
                row -> row.integer(),
                database,
                micros);
    if (seq.isPresent()) {
      return OptionalLong.of(seq.get());
    }
    return tx.databases().find(database).filter(found -> found.createdAt() <= micros).isPresent()
        ? OptionalLong.of(0)
        : OptionalLong.empty();
  }

  public Optional<CommitInfo> find(DatabaseId database, long seq) {
    return log(database, seq + 1, 1).stream().filter(commit -> commit.seq() == seq).findFirst();
  }

  /** The log, newest first, before the given commit. */
  public List<CommitInfo> log(DatabaseId database, long beforeSeq, int limit) {
    return tx.sql()
        .list(
            "SELECT seq, committed_at, principal, tenant, operation FROM commit_log WHERE"
                + " database_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
            row ->
                new CommitInfo(
                    row.integer(),
                    row.integer(),
                    row.optionalText().map(PrincipalName::new),
                    new TenantId(row.text()),
                    row.text()),
            database,
            beforeSeq,
            limit);
  }
}
