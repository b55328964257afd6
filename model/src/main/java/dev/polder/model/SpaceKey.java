package dev.polder.model;

/** The part of one database that holds one tenant's tables. */
public record SpaceKey(DatabaseId database, TenantId tenant) {
  @Override
  public String toString() {
    return tenant + "@" + database;
  }
}
