package dev.polder.metastore.commit;

import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditedStatement;
import dev.polder.model.DatabaseId;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One atomic change of any number of schemas, tables and views in one tenant's space of a database.
 * Immutable; made by its builder.
 *
 * @param operation a short summary for the commit log, such as {@code INSERT main.orders}
 * @param audit what the trail is told in any case
 * @param statements what it is told if the database keeps changes of rows
 * @param steps what else the transaction does
 * @param onlyDeletes whether it only takes rows away: it may, whatever the storage quota says
 */
public record CommitRequest(
    DatabaseId database,
    Optional<PrincipalName> principal,
    TenantId tenant,
    String operation,
    List<SchemaChange> schemaChanges,
    List<CollectionChange> collectionChanges,
    List<FileChange> files,
    List<OutboxEvent> events,
    List<AuditEvent> audit,
    List<AuditedStatement> statements,
    List<CommitStep> steps,
    boolean onlyDeletes) {
  public CommitRequest {
    schemaChanges = List.copyOf(schemaChanges);
    collectionChanges = List.copyOf(collectionChanges);
    files = List.copyOf(files);
    events = List.copyOf(events);
    audit = List.copyOf(audit);
    statements = List.copyOf(statements);
    steps = List.copyOf(steps);
  }

  public SpaceKey space() {
    return new SpaceKey(database, tenant);
  }

  public static Builder builder(SpaceKey space, String operation) {
    return new Builder(space, operation);
  }

  /** Collects a request's parts. Not thread-safe. */
  public static final class Builder {
    private final SpaceKey space;
    private final String operation;
    private Optional<PrincipalName> principal = Optional.empty();
    private final List<SchemaChange> schemaChanges = new ArrayList<>();
    private final List<CollectionChange> collectionChanges = new ArrayList<>();
    private final List<FileChange> files = new ArrayList<>();
    private final List<OutboxEvent> events = new ArrayList<>();
    private final List<AuditEvent> audit = new ArrayList<>();
    private final List<AuditedStatement> statements = new ArrayList<>();
    private final List<CommitStep> steps = new ArrayList<>();
    private boolean onlyDeletes;

    private Builder(SpaceKey space, String operation) {
      this.space = space;
      this.operation = operation;
    }

    public Builder principal(PrincipalName name) {
      this.principal = Optional.of(name);
      return this;
    }

    public Builder change(SchemaChange change) {
      schemaChanges.add(change);
      return this;
    }

    public Builder change(CollectionChange change) {
      collectionChanges.add(change);
      return this;
    }

    public Builder file(FileChange change) {
      files.add(change);
      return this;
    }

    public Builder event(OutboxEvent event) {
      events.add(event);
      return this;
    }

    /** It takes rows away and does nothing else. */
    public Builder onlyDeletes() {
      onlyDeletes = true;
      return this;
    }

    public Builder audit(AuditEvent event) {
      audit.add(event);
      return this;
    }

    /** A statement about rows that the commit is of; the database's setting says if it is kept. */
    public Builder statement(AuditedStatement statement) {
      statements.add(statement);
      return this;
    }

    public Builder step(CommitStep step) {
      steps.add(step);
      return this;
    }

    public CommitRequest build() {
      return new CommitRequest(
          space.database(),
          principal,
          space.tenant(),
          operation,
          schemaChanges,
          collectionChanges,
          files,
          events,
          audit,
          statements,
          steps,
          onlyDeletes);
    }
  }
}
