package dev.polder.metastore.lineage;

import dev.polder.metastore.commit.FileChange;
import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * What one commit changed in a database, in a form that another database can take over: a mirror
 * its source's, a restored database an archive's. Names of principals stand for themselves, all
 * other identities are the source's. Immutable.
 *
 * @param whole it holds all that the database held after the commit, not only what that changed
 * @param tenant in whose space the commit was made
 * @param files the files that the commit added and removed; a whole one names none, since they
 *     follow from the metadata files
 */
public record DatabaseCommit(
    long seq,
    long committedAt,
    boolean whole,
    Optional<PrincipalName> principal,
    TenantId tenant,
    String operation,
    List<SchemaState> schemas,
    List<CollectionState> collections,
    List<FileChange> files) {
  public DatabaseCommit {
    schemas = List.copyOf(schemas);
    collections = List.copyOf(collections);
    files = List.copyOf(files);
  }

  /** With other collections. */
  public DatabaseCommit with(List<CollectionState> others) {
    return new DatabaseCommit(
        seq, committedAt, whole, principal, tenant, operation, schemas, others, files);
  }
}
