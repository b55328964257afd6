package dev.polder.engine.internal.show;

import dev.polder.engine.Result;
import dev.polder.engine.internal.result.JavaRows.Header;
import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.catalog.Database;
import dev.polder.metastore.catalog.Space;
import dev.polder.metastore.commit.Usage;
import dev.polder.metastore.quota.Quota;
import dev.polder.metastore.quota.QuotaChange;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.metastore.quota.ServerUse;
import dev.polder.model.DatabaseId;
import dev.polder.model.ErrorCode;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import dev.polder.policy.DatabaseOperation;
import dev.polder.sql.statement.QuotaStatement;
import dev.polder.sql.statement.QuotaStatement.SetQuota;
import dev.polder.sql.statement.QuotaStatement.ShowQuota;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** SET QUOTA, SHOW … QUOTA and SHOW … USAGE. Stateless. */
final class QuotaStatements {
  private static final List<QuotaField> USED =
      List.of(
          QuotaField.MAX_MEMORY_BYTES,
          QuotaField.MAX_STORAGE_BYTES,
          QuotaField.MAX_QPS,
          QuotaField.MAX_CONNECTIONS);
  private static final String UNLIMITED = "unlimited";
  private static final String NOT_COUNTED = "n/a";

  private QuotaStatements() {}

  static Result run(Work work, QuotaStatement statement) {
    return switch (statement) {
      case SetQuota set -> set(work, set);
      case ShowQuota show ->
          (show.usage() ? usage(work, show) : quota(work, show)).answer(work.context());
    };
  }

  static List<Header> columns(ShowQuota show) {
    Stream<Header> whose =
        show.tenant().isPresent()
            ? Stream.of(Table.text("database"), Table.text("tenant"))
            : Stream.of(Table.text("database"));
    Stream<Header> what = Stream.of(Table.text("quota_name"), Table.text("limit"));
    Stream<Header> more =
        show.usage()
            ? Stream.of(Table.number("current"), Table.text("percent_used"))
            : show.tenant().isPresent()
                ? Stream.empty()
                : Stream.of(
                    Table.text("priority_class"),
                    Table.number("cache_weight"),
                    Table.number("maintenance_cpu_pct"));
    return Stream.of(whose, what, more).flatMap(headers -> headers).toList();
  }

  private static Result set(Work work, SetQuota set) {
    Quota changes =
        set.tenant().isPresent()
            ? QuotaOptions.ofTenant(set.options())
            : QuotaOptions.ofDatabase(set.options());
    long epoch =
        work.write(tx -> {
          DatabaseOperation operation =
              set.tenant().isPresent()
                  ? DatabaseOperation.SET_TENANT_QUOTA
                  : DatabaseOperation.SET_QUOTA;
          Database database = work.gate(tx).require(operation, set.database());
          QuotaChange change =
              set.tenant().isPresent()
                  ? tx.quotas().set(space(tx, database, set.tenant().get()), changes)
                  : tx.quotas().set(database.id(), changes);
          audit(work, tx, database, set.tenant(), changes, change);
          return tx.grants().epoch();
        });
    work.context().engine().quotas().changed(epoch);
    return work.done();
  }

  private static void audit(
      Work work,
      MetastoreTransaction tx,
      Database database,
      Optional<TenantId> tenant,
      Quota changes,
      QuotaChange change) {
    Map<String, String> detail = new TreeMap<>();
    for (QuotaField field : changes.values().keySet()) {
      detail.put("before." + field.key(), change.before().text(field));
      detail.put("after." + field.key(), change.after().text(field));
    }
    Audit.changed(
        tx,
        work.actor(),
        database.id(),
        tenant,
        tenant.isPresent() ? EventType.TENANT_QUOTA_CHANGED : EventType.DATABASE_QUOTA_CHANGED,
        database.name().value(),
        detail);
  }

  private static SpaceKey space(MetastoreTransaction tx, Database database, TenantId tenant) {
    SpaceKey space = new SpaceKey(database.id(), tenant);
    // What a backup brought along for a tenant that is not there counts, and can be taken back.
    if (!tx.spaces().exists(space) && tx.quotas().of(space).values().isEmpty()) {
      throw Space.missing(ErrorCode.TENANT_NOT_FOUND, database.name(), tenant);
    }
    return space;
  }

  private static Table quota(Work work, ShowQuota show) {
    return work.read(tx -> {
      Database database = work.gate(tx).require(DatabaseOperation.OBSERVE, show.database());
      Quota quota = quota(tx, database, show.tenant());
      Table rows = Table.of(columns(show));
      Arrays.stream(QuotaField.values())
          .filter(field -> field.kind() != QuotaField.Kind.SHARE)
          .forEach(field ->
              show.tenant()
                  .ifPresentOrElse(
                      tenant ->
                          rows.add(
                              database.name().value(),
                              tenant.value(),
                              field.resource(),
                              limit(quota, field)),
                      () ->
                          rows.add(
                              database.name().value(),
                              field.resource(),
                              limit(quota, field),
                              quota.priorityClass().key(),
                              quota.get(QuotaField.CACHE_WEIGHT),
                              quota.get(QuotaField.MAINTENANCE_CPU_PCT))));
      return rows;
    });
  }

  private static Table usage(Work work, ShowQuota show) {
    // Asking the instances takes longer than a transaction should.
    List<ServerUse> uses = work.context().engine().quotas().uses();
    return work.read(tx -> {
      Database database = work.gate(tx).require(DatabaseOperation.OBSERVE, show.database());
      Quota quota = quota(tx, database, show.tenant());
      Table rows = Table.of(columns(show));
      for (QuotaField field : USED) {
        long current =
            field == QuotaField.MAX_STORAGE_BYTES
                ? stored(tx, database.id(), show.tenant()).bytes()
                : sum(uses, database.id(), show.tenant(), figure(field));
        add(
            rows,
            database,
            show,
            List.of(
                field.resource(), limit(quota, field), current, percent(quota, field, current)));
      }
      // Charged to the database that the clone came from: no limit of this one counts it.
      Usage stored = stored(tx, database.id(), show.tenant());
      add(
          rows,
          database,
          show,
          List.of("shared_storage_bytes", NOT_COUNTED, stored.sharedBytes(), NOT_COUNTED));
      add(
          rows,
          database,
          show,
          List.of("shared_files", NOT_COUNTED, stored.sharedFiles(), NOT_COUNTED));
      return rows;
    });
  }

  private static void add(Table rows, Database database, ShowQuota show, List<Object> figures) {
    rows.add(
        Stream.of(
                Stream.of(database.name().value()),
                show.tenant().map(TenantId::value).stream(),
                figures.stream())
            .flatMap(part -> part)
            .toArray());
  }

  private static Quota quota(
      MetastoreTransaction tx, Database database, Optional<TenantId> tenant) {
    return tenant.isPresent()
        ? tx.quotas().of(space(tx, database, tenant.get()))
        : tx.quotas().of(database.id());
  }

  private static Usage stored(
      MetastoreTransaction tx, DatabaseId database, Optional<TenantId> tenant) {
    return tenant.isPresent()
        ? tx.storage().usage(new SpaceKey(database, tenant.get()))
        : tx.storage().usage(database);
  }

  private static ToLongFunction<ServerUse> figure(QuotaField field) {
    return switch (field) {
      case MAX_MEMORY_BYTES -> ServerUse::memoryBytes;
      case MAX_QPS -> ServerUse::qps;
      case MAX_CONNECTIONS -> ServerUse::connections;
      case MAX_STORAGE_BYTES,
          MAX_TEMP_DISK_BYTES,
          MAX_THREADS,
          MAX_STATEMENT_SECONDS,
          CACHE_WEIGHT,
          PRIORITY_CLASS,
          MAINTENANCE_CPU_PCT ->
          throw new IllegalArgumentException("servers do not tell of " + field);
    };
  }

  private static long sum(
      List<ServerUse> uses,
      DatabaseId database,
      Optional<TenantId> tenant,
      ToLongFunction<ServerUse> figure) {
    return uses.stream()
        .filter(use -> use.space().database().equals(database))
        .filter(use -> tenant.isEmpty() || use.space().tenant().equals(tenant.get()))
        .mapToLong(figure)
        .sum();
  }

  private static String limit(Quota quota, QuotaField field) {
    return quota.limits(field) ? Long.toString(quota.get(field)) : UNLIMITED;
  }

  private static String percent(Quota quota, QuotaField field, long current) {
    return quota.limits(field)
        ? Long.toString(Math.round(100.0 * current / quota.get(field)))
        : NOT_COUNTED;
  }
}
