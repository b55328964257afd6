package dev.polder.engine.internal.show;

import dev.polder.engine.internal.execute.Rights;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.AuditFilter;
import dev.polder.metastore.audit.AuditRecord;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.TenantId;
import dev.polder.policy.DatabaseOperation;
import java.util.Optional;

/**
 * A chain that may be read, and what of it. A database's is for those who observe the database, a
 * dropped one's and the server's own for superusers; a {@code tenant_admin} reads in the server's
 * what names its tenant. Nobody who belongs to a tenant reads another one's records.
 *
 * @param database empty: the server's
 * @param reader empty: everything
 */
record AuditChain(
    Optional<DatabaseId> database, Optional<String> name, Optional<AuditFilter.Reader> reader) {

  static AuditChain readable(Work work, MetastoreTransaction tx, Optional<DatabaseName> wanted) {
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

  private static Database database(Work work, MetastoreTransaction tx, DatabaseName name) {
    boolean dropped =
        work.actor().superuser()
            && tx.databases().find(name).isEmpty()
            && tx.databases().findDropped(name).isPresent();
    return dropped
        ? tx.databases().findDropped(name).orElseThrow()
        : work.gate(tx).require(DatabaseOperation.OBSERVE, name);
  }
}
