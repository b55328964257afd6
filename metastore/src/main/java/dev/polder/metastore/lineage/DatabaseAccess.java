package dev.polder.metastore.lineage;

import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.access.Role;
import dev.polder.model.CollectionId;
import dev.polder.model.PrincipalName;
import dev.polder.model.Privilege;
import dev.polder.model.RoleName;
import dev.polder.model.SchemaId;
import dev.polder.model.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which tenants are in a database, what is granted on it and by which row filters and masks it is
 * governed, now: none of this is versioned. Holders are named, objects have the source's
 * identities. Immutable.
 */
public record DatabaseAccess(
    List<TenantId> tenants, List<ObjectGrant> grants, List<ObjectPolicy> policies) {
  public DatabaseAccess {
    tenants = List.copyOf(tenants);
    grants = List.copyOf(grants);
    policies = List.copyOf(policies);
  }

  /**
   * A role, or a principal's own one. Immutable.
   *
   * @param principal whose own role it is; then the others are empty
   * @param tenant empty: the server's
   * @param role one that belongs to no database
   * @param bound one that belongs to the database that this is about. By another field, so that who
   *     does not know of such roles does not take it for the other one of that name
   */
  public record Holder(
      Optional<PrincipalName> principal,
      Optional<TenantId> tenant,
      Optional<RoleName> role,
      Optional<RoleName> bound) {
    public Holder {
      // What was written before there were any.
      bound = bound == null ? Optional.empty() : bound;
    }

    /** The role's name, whatever it belongs to. */
    public Optional<RoleName> name() {
      return role.or(() -> bound);
    }

    public static Holder own(PrincipalName principal) {
      return new Holder(
          Optional.of(principal), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Any role that is no principal's own. */
    public static Holder role(Role role) {
      boolean isBound = role.database().isPresent();
      return new Holder(
          Optional.empty(),
          role.tenant(),
          Optional.of(role.name()).filter(name -> !isBound),
          Optional.of(role.name()).filter(name -> isBound));
    }
  }

  /**
   * A grant. Immutable.
   *
   * @param schema empty: on the tenant's whole part of the database
   * @param collection empty: on the whole schema
   * @param fieldId empty: on all columns
   */
  public record ObjectGrant(
      TenantId tenant,
      Holder holder,
      Privilege privilege,
      Optional<SchemaId> schema,
      Optional<CollectionId> collection,
      OptionalInt fieldId,
      Optional<PrincipalName> grantedBy,
      long grantedAt) {}

  /**
   * A row filter or mask. Immutable.
   *
   * @param role whose holders it applies to; empty: everybody
   */
  public record ObjectPolicy(
      TenantId tenant,
      CollectionId collection,
      PolicyKind kind,
      String name,
      OptionalInt fieldId,
      Optional<Holder> role,
      String expression,
      Optional<PrincipalName> createdBy) {}
}
