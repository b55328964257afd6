package dev.polder.lake.lineage;

import dev.polder.lake.TimeTravel;
import dev.polder.model.DatabaseName;
import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;
import java.util.Optional;

/**
 * What shall be cloned. Immutable.
 *
 * @param asOf empty: the newest commit
 * @param by who asks, in which tenant: for the clone's commit log
 */
public record CloneRequest(
    DatabaseName source,
    DatabaseName name,
    Optional<TimeTravel> asOf,
    Optional<PrincipalName> by,
    TenantId tenant) {}
