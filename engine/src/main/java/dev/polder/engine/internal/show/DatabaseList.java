package dev.polder.engine.internal.show;

import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Space;
import dev.polder.metastore.mirror.Mirror;
import dev.polder.model.DatabaseId;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.Access;
import dev.polder.policy.DatabaseOperation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What SHOW DATABASES answers: the databases of the session's tenant that the principal may bind
 * to; for a superuser or cluster_admin those of all tenants, a row for each tenant's part. A mirror
 * that nothing is in yet is nobody's part, and is shown to who may know of it. How a mirror fares
 * is its status. Not thread-safe.
 */
final class DatabaseList {
  static final List<Header> COLUMNS =
      List.of(
          Table.number("id"),
          Table.text("name"),
          Table.text("tenant"),
          Table.text("kind"),
          Table.time("created_at"),
          Table.time("expires_at"),
          Table.text("status"));

  static final List<Header> DROPPED =
      List.of(
          Table.number("id"),
          Table.text("name"),
          Table.time("created_at"),
          Table.time("dropped_at"),
          Table.flag("undroppable"));

  private final MetastoreTransaction tx;
  private final Map<DatabaseId, Mirror> mirrors;
  private final Table rows = Table.of(COLUMNS);

  private DatabaseList(MetastoreTransaction tx) {
    this.tx = tx;
    this.mirrors =
        tx.mirrors().unpromoted().stream().collect(Collectors.toMap(Mirror::database, it -> it));
  }

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
    DatabaseList list = new DatabaseList(tx);
    if (seesAll(work, tx)) {
      Work.<Database>each(
          after -> tx.databases().list(after, Page.MAX_LIMIT),
          database -> {
            List<Space> spaces = tx.spaces().all(database.id());
            spaces.forEach(space -> list.add(database, Optional.of(space.key().tenant())));
            if (spaces.isEmpty() && list.isUnfilled(database)) {
              list.add(database, Optional.empty());
            }
          });
      return list.rows;
    }
    TenantId tenant = work.sessionTenant();
    Map<String, Database> shown = new TreeMap<>();
    Work.<Database>each(
        (Optional<String> after) -> tx.databases().list(tenant, after, Page.MAX_LIMIT),
        database -> {
          if (access(work, tx, database.id()).mayBind()) {
            shown.put(database.name().value(), database);
          }
        });
    for (DatabaseId id : list.mirrors.keySet()) {
      Database database = tx.databases().get(id);
      if (list.isUnfilled(database) && access(work, tx, id).knowsDatabase()) {
        shown.put(database.name().value(), database);
      }
    }
    shown
        .values()
        .forEach(database ->
            list.add(database, list.isUnfilled(database) ? Optional.empty() : Optional.of(tenant)));
    return list.rows;
  }

  private static boolean seesAll(Work work, MetastoreTransaction tx) {
    return work.actor().superuser()
        || access(work, tx, work.context().session().space().database()).clusterAdmin();
  }

  private static Access access(Work work, MetastoreTransaction tx, DatabaseId database) {
    return work.context()
        .engine()
        .accessControl()
        .access(tx, work.actor(), new SpaceKey(database, work.sessionTenant()));
  }

  /** A mirror that nothing is in yet: no tenant has a space there. */
  private boolean isUnfilled(Database database) {
    Mirror mirror = mirrors.get(database.id());
    return mirror != null && !mirror.isComplete();
  }

  private void add(Database database, Optional<TenantId> tenant) {
    Mirror mirror = mirrors.get(database.id());
    rows.add(
        database.id().value(),
        database.name().value(),
        tenant.map(TenantId::value).orElse(null),
        database.kind().name().toLowerCase(Locale.ROOT),
        database.createdAt(),
        database.expiresAt().isPresent() ? database.expiresAt().getAsLong() : null,
        mirror == null
            ? "active"
            : tx.localMirrors().observed(mirror).health(tx.now()).name().toLowerCase(Locale.ROOT));
  }
}
