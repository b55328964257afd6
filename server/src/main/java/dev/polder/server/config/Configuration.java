package dev.polder.server.config;

import dev.polder.model.Secret;
import org.jspecify.annotations.Nullable;

/**
 * Everything a server is told at its start: complete, with every default filled in, and valid.
 * Immutable; made by {@link ConfigurationReader}.
 */
public record Configuration(
    DataSettings data,
    WarehouseSettings warehouse,
    MetastoreSettings metastore,
    HttpSettings http,
    FlightSettings flight,
    EngineSettings engine,
    SqlSettings sql,
    MaintenanceSettings maintenance,
    MirrorSettings mirror,
    IcebergSettings iceberg,
    QuotaSettings quota,
    BackupSettings backup,
    FederationSettings federation,
    AuthSettings auth,
    AdminSettings admin,
    @Key("A key that is accepted in the X-API-Key header with the rights of the user admin.")
        @Nullable Secret apiKey,
    LogSettings log,
    ShutdownSettings shutdown) {}
