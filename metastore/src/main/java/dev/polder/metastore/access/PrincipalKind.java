package dev.polder.metastore.access;

/** Who a principal is. */
public enum PrincipalKind {
  USER,
  SERVICE
}
