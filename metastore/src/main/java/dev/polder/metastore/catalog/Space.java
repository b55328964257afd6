package dev.polder.metastore.catalog;

import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.util.Optional;

/**
 * One tenant's part of a database. Immutable.
 *
 * @param firstSeq the commit with which its own history starts
 * @param origin where its history before that is kept; empty: there is none
 */
public record Space(SpaceKey key, long createdAt, long firstSeq, Optional<Origin> origin) {
  /** That a tenant has none in a database, and how it gets one. */
  public static PolderException missing(ErrorCode code, DatabaseName database, TenantId tenant) {
    return new PolderException(
        code,
        "tenant '"
            + tenant
            + "' has no space in database "
            + database
            + "; a superuser or cluster_admin makes one with ALTER DATABASE "
            + database
            + " ADD TENANT "
            + tenant);
  }
}
