package dev.polder.server;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.audit.AuditEvent;
import dev.polder.metastore.audit.AuditOutcome;
import dev.polder.metastore.audit.EventType;
import dev.polder.metastore.quota.Overpromise;
import dev.polder.metastore.quota.Quota;
import dev.polder.metastore.quota.QuotaField;
import dev.polder.server.config.ByteSize;
import dev.polder.server.config.DatabaseQuotaSettings;
import dev.polder.server.config.EngineSettings;
import dev.polder.server.config.GlobalQuotaSettings;
import dev.polder.server.config.QuotaSettings;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the configuration's quotas into the metastore, where all servers find them. Stateless. */
final class ConfiguredQuotas {
  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredQuotas.class);

  private ConfiguredQuotas() {}

  static void apply(Metastore metastore, QuotaSettings settings, EngineSettings engine) {
    Quota global = global(settings.global());
    Quota database = database(settings.database());
    boolean known =
        metastore.read(
            tx -> tx.quotas().ceiling().equals(global) && tx.quotas().defaults().equals(database));
    if (!known) {
      metastore.write(tx -> {
        Map<String, String> detail = new TreeMap<>();
        tell("before.global.", tx.quotas().ceiling(), detail);
        tell("before.database.", tx.quotas().defaults(), detail);
        tell("after.global.", global, detail);
        tell("after.database.", database, detail);
        tx.audit()
            .append(
                new AuditEvent(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    EventType.GLOBAL_QUOTA_CHANGED,
                    Optional.of("configuration"),
                    AuditOutcome.SUCCESS,
                    AuditEvent.detail(detail)));
        return tx.quotas().configure(global, database);
      });
      LOG.info("the configuration's quotas hold from now on, on all servers");
    }
    Quota instance =
        limits(
            new EnumMap<>(
                Map.of(
                    QuotaField.MAX_MEMORY_BYTES, engine.memoryLimit().bytes(),
                    QuotaField.MAX_TEMP_DISK_BYTES, engine.maxTemp().bytes())));
    List<Overpromise> broken = metastore.read(tx -> tx.quotas().overpromised(instance));
    broken.forEach(promise ->
        LOG.warn(
            "{} cannot have what was promised: {} = {}, and the limit is {}; raise it in the"
                + " configuration or lower the quotas",
            promise.who(),
            promise.field().key(),
            promise.promised(),
            promise.limit()));
  }

  private static void tell(String prefix, Quota quota, Map<String, String> detail) {
    quota.values().keySet().forEach(field -> detail.put(prefix + field.key(), quota.text(field)));
  }

  private static Quota global(GlobalQuotaSettings settings) {
    return budgets(
        settings.maxMemory(),
        settings.maxStorage(),
        settings.maxQps(),
        settings.maxConnections(),
        settings.maxTempDisk());
  }

  private static Quota database(DatabaseQuotaSettings settings) {
    Map<QuotaField, Long> caps = new EnumMap<>(QuotaField.class);
    caps.put(QuotaField.MAX_THREADS, (long) settings.maxThreads());
    caps.put(QuotaField.MAX_STATEMENT_SECONDS, settings.maxStatementTime().toSeconds());
    return budgets(
            settings.maxMemory(),
            settings.maxStorage(),
            settings.maxQps(),
            settings.maxConnections(),
            settings.maxTempDisk())
        .with(limits(caps));
  }

  private static Quota budgets(
      ByteSize memory, ByteSize storage, int qps, int connections, ByteSize tempDisk) {
    Map<QuotaField, Long> values = new EnumMap<>(QuotaField.class);
    values.put(QuotaField.MAX_MEMORY_BYTES, memory.bytes());
    values.put(QuotaField.MAX_STORAGE_BYTES, storage.bytes());
    values.put(QuotaField.MAX_QPS, (long) qps);
    values.put(QuotaField.MAX_CONNECTIONS, (long) connections);
    values.put(QuotaField.MAX_TEMP_DISK_BYTES, tempDisk.bytes());
    return limits(values);
  }

  private static Quota limits(Map<QuotaField, Long> values) {
    values.values().removeIf(value -> value == 0);
    return new Quota(values);
  }
}
