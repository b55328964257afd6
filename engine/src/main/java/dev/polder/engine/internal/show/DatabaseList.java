package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.catalog.Database;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.DatabaseOperation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What SHOW DATABASES answers: the databases of the session's tenant that the principal may bind
 * to; for a superuser or cluster_admin those of all tenants, a row for each tenant's part.
 * Stateless.
 */
final class DatabaseList {
  static final List<Header> COLUMNS =
      List.of(
          Table.number("id"),
          Table.text("name"),
          Table.text("tenant"),
          Table.text("kind"),
          Table.time("created_at"),
          Table.time("expires_at"));

  static final List<Header> DROPPED =
      List.of(
          Table.number("id"),
          Table.text("name"),
          Table.time("created_at"),
          Table.time("dropped_at"),
          Table.flag("undroppable"));

  private DatabaseList() {}

  /** Those that were dropped, the last first: their numbers name their audit trails. */
  static Table dropped(Work work, MetastoreTransaction tx) {
    work.gate(tx).require(DatabaseOperation.OBSERVE);
    Table rows = Table.of(DROPPED);
    tx.databases()
        .dropped()
        .forEach(database ->
            rows.add(
                database.id().value(),
                database.name().value(),
                database.createdAt(),
                database.droppedAt().getAsLong(),
                database.purgedAt().isEmpty()));
    return rows;
  }

  static Table of(Work work, MetastoreTransaction tx) {
    Table rows = Table.of(COLUMNS);
    if (seesAll(work, tx)) {
      Work.<Database>each(
          after -> tx.databases().list(after, Page.MAX_LIMIT),
          database ->
              tx.spaces()
                  .all(database.id())
                  .forEach(space -> add(rows, database, space.key().tenant())));
      return rows;
    }
    TenantId tenant = work.sessionTenant();
    Work.<Database>each(
        (Optional<String> after) -> tx.databases().list(tenant, after, Page.MAX_LIMIT),
        database -> {
          if (work.context()
              .engine()
              .accessControl()
              .access(tx, work.actor(), new SpaceKey(database.id(), tenant))
              .mayBind()) {
            add(rows, database, tenant);
          }
        });
    return rows;
  }

  private static boolean seesAll(Work work, MetastoreTransaction tx) {
    SpaceKey bound = work.context().session().space();
    return work.actor().superuser()
        || work.context().engine().accessControl().access(tx, work.actor(), bound).clusterAdmin();
  }

  private static void add(Table rows, Database database, TenantId tenant) {
    rows.add(
        database.id().value(),
        database.name().value(),
        tenant.value(),
        database.kind().name().toLowerCase(Locale.ROOT),
        database.createdAt(),
        database.expiresAt().isPresent() ? database.expiresAt().getAsLong() : null);
  }
}
