package dev.polder.engine.management;

/**
 * A database in which the tenant has a space. Immutable.
 *
 * @param storageType {@code FILE} or {@code S3}
 * @param location the directory of the tenant's files in it
 */
public record CatalogEntry(Described described, String storageType, String location) {}
