package dev.polder.metastore.access;

/** Where the principals of a tenant that has an identity provider log in. */
public enum LoginMode {
  /** Here; the provider's tokens are refused. */
  INTERNAL,
  /** At the provider alone. */
  EXTERNAL,
  /** Here and at the provider. */
  MIXED
}
