package dev.polder.lake.backup;

import java.util.List;

/**
 * What a restore made, or would make. Immutable.
 *
 * @param replaces whether a database was there already
 * @param newTenants tenants that are not here and are created
 * @param missing users, roles and groups that are not here: what they were granted is left out
 */
public record RestoreReport(
    BackupInfo backup, boolean replaces, List<String> newTenants, List<String> missing) {
  public RestoreReport {
    newTenants = List.copyOf(newTenants);
    missing = List.copyOf(missing);
  }
}
