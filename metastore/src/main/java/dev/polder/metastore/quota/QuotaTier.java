package dev.polder.metastore.quota;

/** Where a limit is set. Work is admitted when it passes all of them. */
public enum QuotaTier {
  TENANT,
  DATABASE,
  GLOBAL
}
