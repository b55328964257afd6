package dev.polder.metastore.commit;

import dev.polder.metastore.MetastoreTransaction;

/**
 * What is to be done in a commit's own transaction, after all that the commit changes. It may be
 * run more than once, as any unit of work; what it throws undoes the commit.
 */
@FunctionalInterface
public interface CommitStep {
  void run(MetastoreTransaction tx, CommitOutcome.Committed commit);
}
