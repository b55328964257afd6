package dev.polder.policy.admin;

import dev.polder.model.DatabaseId;

/** Who may have a source be as it is defined; a superuser always. Immutable. */
public sealed interface SourceAuthor {
  /**
   * A superuser alone: it runs SQL on the server, or reaches the server's files.
   *
   * @param reason what of it needs that, such as {@code setupSql}
   */
  record Superuser(String reason) implements SourceAuthor {}

  /** An administrator of its tenant: it reaches other systems over the network. */
  record TenantAdministrator() implements SourceAuthor {}

  /**
   * Who owns its database and the other one that it shows.
   *
   * @param other of the same tenant
   */
  record OwnerOfBoth(DatabaseId other) implements SourceAuthor {}
}
