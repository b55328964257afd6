package dev.polder.lake.backup;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.lineage.DatabaseAccess;
import dev.polder.metastore.lineage.DatabaseCommit;
import dev.polder.metastore.lineage.DatabaseSettings;
import dev.polder.model.DatabaseId;

/**
 * All rows of a database that an archive holds: one state of all tenants' schemas, tables and
 * views, with the rights and settings of the same moment. Immutable.
 */
public record Catalog(DatabaseCommit commit, DatabaseAccess access, DatabaseSettings settings) {
  static Catalog newest(MetastoreTransaction tx, DatabaseId database) {
    return new Catalog(
        tx.changes().whole(database, tx.databases().get(database).commitSeq()),
        tx.changes().access(database),
        tx.restores().settings(database));
  }
}
