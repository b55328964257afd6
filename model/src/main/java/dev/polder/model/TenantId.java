package dev.polder.model;

/** A tenant's slug: lower-case letters, digits and {@code _}, a letter first. */
public record TenantId(String value) {
  /** Exists from the start; holds what is made without naming a tenant. */
  public static final TenantId DEFAULT = new TenantId("default");

  public TenantId {
    Names.slug("tenant", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
