package dev.polder.metastore.job;

import dev.polder.model.DatabaseId;
import dev.polder.model.PrincipalId;
import dev.polder.model.TenantId;
import java.util.Optional;

/**
 * Whose work a job is. Immutable.
 *
 * @param tenant empty: the whole database's
 * @param principal who asked for it
 */
public record JobPlace(
    DatabaseId database, Optional<TenantId> tenant, Optional<PrincipalId> principal) {
  public static JobPlace of(DatabaseId database) {
    return new JobPlace(database, Optional.empty(), Optional.empty());
  }
}
