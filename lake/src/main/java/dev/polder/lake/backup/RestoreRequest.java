package dev.polder.lake.backup;

import dev.polder.model.DatabaseName;
import dev.polder.model.PrincipalName;
import dev.polder.model.TenantId;

/**
 * What shall be restored. Immutable.
 *
 * @param name of the database to be, which may be another than the archived one's
 * @param force take the place of what a database of that name holds
 * @param by who asks, in which tenant: for the commit log
 */
public record RestoreRequest(
    String uri, DatabaseName name, boolean force, PrincipalName by, TenantId tenant) {}
