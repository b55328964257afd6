package dev.polder.lake.backup;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.catalog.Database;

/** Takes part in the transaction that makes a database of a backup; what it throws undoes it. */
@FunctionalInterface
public interface Committing {
  void run(MetastoreTransaction tx, BackupInfo backup, Database database);
}
