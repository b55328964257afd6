package dev.polder.engine.internal.show;

import dev.polder.engine.internal.execute.Rights;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditFilter;
import dev.polder.metastore.audit.AuditRecord;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.TenantId;
import dev.polder.policy.DatabaseOperation;
import dev.polder.sql.statement.DatabaseRef;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A chain that may be read, and what of it. A database's is for those who observe the database, a
 * dropped one's for superusers and cluster_admins, and the server's own for superusers; a {@code
 * tenant_admin} reads in the server's what names its tenant. Nobody who belongs to a tenant reads
 * another one's records.
 *
 * @param database empty: the server's
 * @param reader empty: everything
 */
record AuditChain(
    Optional<DatabaseId> database, Optional<String> name, Optional<AuditFilter.Reader> reader) {
  private static final Set<String> OPEN =
      Stream.of(
              EventType.DATABASE_CREATED,
              EventType.DATABASE_RENAMED,
              EventType.DATABASE_DROPPED,
              EventType.DATABASE_UNDROPPED,
              EventType.DATABASE_MATERIALIZED,
              EventType.DATABASE_QUOTA_CHANGED,
              EventType.AUDIT_DML_CHANGED,
              EventType.IDLE_TIMEOUT_CHANGED)
          .map(EventType::word)
          .collect(Collectors.toUnmodifiableSet());

  static AuditChain readable(Work work, MetastoreTransaction tx, Optional<DatabaseRef> wanted) {
    Optional<TenantId> tenant = work.actor().tenant();
    if (wanted.isEmpty()) {
      if (!Rights.of(tx, work.context()).administrator()) {
        throw new PolderException(
            ErrorCode.ACCESS_DENIED,
            "only a superuser or a tenant_admin may read the server's audit trail; a database's"
                + " owner reads SHOW AUDIT IN DATABASE");
      }
      return new AuditChain(
          Optional.empty(), Optional.empty(), tenant.map(of -> new AuditFilter.Reader(of, true)));
    }
    Database database = database(work, tx, wanted.get());
    return new AuditChain(
        Optional.of(database.id()),
        Optional.of(database.name().value()),
        tenant.map(of -> new AuditFilter.Reader(of, false)));
  }

  /** Whether the record may be read. */
  boolean shows(AuditRecord record) {
    return reader
        .map(of ->
            record.tenant().map(tenant -> tenant.equals(of.tenant().value())).orElse(!of.alone()))
        .orElse(true);
  }

  /**
   * Whether what the record says in detail may be read. One that names no tenant may speak of
   * others' users, databases and places; of a few types it cannot.
   */
  boolean tells(AuditRecord record) {
    return shows(record)
        && (reader.isEmpty() || record.tenant().isPresent() || OPEN.contains(record.type()));
  }

  private static Database database(Work work, MetastoreTransaction tx, DatabaseRef wanted) {
    return switch (wanted) {
      case DatabaseRef.Numbered(var id) ->
          work.gate(tx).requireAlsoDropped(DatabaseOperation.OBSERVE, id);
      case DatabaseRef.Named(var name) -> {
        Optional<Database> dropped =
            tx.databases().find(name).isPresent()
                ? Optional.empty()
                : tx.databases().findDropped(name);
        yield dropped.isPresent() && work.gate(tx).permits(DatabaseOperation.OBSERVE)
            ? dropped.get()
            : work.gate(tx).require(DatabaseOperation.OBSERVE, name);
      }
    };
  }
}
