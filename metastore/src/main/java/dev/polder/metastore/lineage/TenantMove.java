package dev.polder.metastore.lineage;

import dev.polder.model.DatabaseId;
import dev.polder.model.JobId;
import dev.polder.model.PrincipalName;
import dev.polder.model.SpaceKey;
import java.time.Duration;
import java.util.Optional;

/**
 * A tenant's move from one database to another while it goes on: all that another server needs to
 * go on with it. Immutable.
 *
 * @param job brings it to its end; once it has ended the move counts no more
 * @param startedBy who asked for it
 * @param drain how long running statements are waited for
 */
public record TenantMove(
    SpaceKey source,
    DatabaseId target,
    JobId job,
    MovePhase phase,
    Optional<PrincipalName> startedBy,
    long startedAt,
    Duration drain) {
  /** Where the tenant goes. */
  public SpaceKey destination() {
    return new SpaceKey(target, source.tenant());
  }
}
