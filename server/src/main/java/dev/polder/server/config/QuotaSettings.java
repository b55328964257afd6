package dev.polder.server.config;

/** Limits of all databases together, and of those that set none themselves. Immutable. */
public record QuotaSettings(GlobalQuotaSettings global, DatabaseQuotaSettings database) {}
