package dev.polder.engine.management;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.Page;
import dev.polder.metastore.access.ClientCredential;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.PrincipalKind;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.RoleName;
import dev.polder.model.RoleRef;
import dev.polder.policy.IssuedCredential;
import dev.polder.policy.admin.CredentialAdministration;
import dev.polder.policy.admin.NewUser;
import dev.polder.policy.admin.PropertyAdministration;
import dev.polder.policy.admin.RoleAdministration;
import dev.polder.policy.admin.UserAdministration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A tenant's users and services, and their client credentials. Thread-safe. */
public final class Principals {
  private final Realm realm;

  Principals(Realm realm) {
    this.realm = realm;
  }

  /** All of them; whoever administers nothing sees only itself. */
  public List<PrincipalEntry> list() {
    return realm.read(
        "LIST PRINCIPALS",
        "principals",
        tx ->
            Realm.all(after ->
                    UserAdministration.list(
                        tx, realm.actor(), realm.owner(), after, Page.MAX_LIMIT))
                .stream()
                .map(user -> entry(tx, found(tx, user.name())))
                .toList());
  }

  /** Creates a service that logs in with the credential. */
  public PrincipalEntry.WithCredentials create(
      PrincipalName name, Map<String, String> properties, boolean rotationRequired) {
    return realm.write(
        "CREATE PRINCIPAL",
        name.value(),
        tx -> {
          UserAdministration.create(
              tx,
              realm.actor(),
              new NewUser(name, realm.owner(), PrincipalKind.SERVICE, Optional.empty(), false));
          if (!properties.isEmpty()) {
            PropertyAdministration.set(tx, realm.actor(), name, properties, 1);
          }
          return with(
              tx, name, CredentialAdministration.create(tx, realm.actor(), name, rotationRequired));
        });
  }

  /** For its administrators and itself. */
  public PrincipalEntry get(PrincipalName name) {
    return realm.read("GET PRINCIPAL", name.value(), tx -> shown(tx, name));
  }

  public PrincipalEntry update(PrincipalName name, Map<String, String> properties, long version) {
    return realm.write(
        "UPDATE PRINCIPAL",
        name.value(),
        tx -> {
          found(tx, name);
          PropertyAdministration.set(tx, realm.actor(), name, properties, version);
          return shown(tx, name);
        });
  }

  public void delete(PrincipalName name) {
    realm.write(
        "DROP PRINCIPAL",
        name.value(),
        tx -> {
          found(tx, name);
          UserAdministration.drop(tx, realm.actor(), name);
          return name;
        });
  }

  /** Gives it another secret; also by itself. */
  public PrincipalEntry.WithCredentials rotate(PrincipalName name) {
    return realm.write(
        "ROTATE CREDENTIALS",
        name.value(),
        tx -> {
          found(tx, name);
          return with(tx, name, CredentialAdministration.rotate(tx, realm.actor(), name));
        });
  }

  /** Gives it another secret, or its first one: the work of administrators. */
  public PrincipalEntry.WithCredentials reset(PrincipalName name) {
    return realm.write(
        "RESET CREDENTIALS",
        name.value(),
        tx -> {
          found(tx, name);
          boolean first = CredentialAdministration.find(tx, realm.actor(), name).isEmpty();
          return with(
              tx,
              name,
              first
                  ? CredentialAdministration.create(tx, realm.actor(), name, false)
                  : CredentialAdministration.reset(tx, realm.actor(), name, false));
        });
  }

  /** The roles given to the principal itself, the server's too; none of those of databases. */
  public List<Described> roles(PrincipalName name) {
    return realm.read(
        "LIST PRINCIPAL ROLES",
        name.value(),
        tx -> {
          found(tx, name);
          return Realm.described(
              tx,
              RoleAdministration.givenTo(tx, realm.actor(), name).stream()
                  .filter(role -> role.database().isEmpty())
                  .toList());
        });
  }

  public void assign(PrincipalName name, RoleName role) {
    realm.write(
        "GRANT ROLE",
        role.value(),
        tx -> {
          found(tx, name);
          return RoleAdministration.give(tx, realm.actor(), RoleRef.of(role), name);
        });
  }

  public void revoke(PrincipalName name, RoleName role) {
    realm.write(
        "REVOKE ROLE",
        role.value(),
        tx -> {
          found(tx, name);
          RoleRef ref = RoleRef.of(role);
          Realm.requireTaken(
              RoleAdministration.take(tx, realm.actor(), ref, name), ref, "principal " + name);
          return role;
        });
  }

  /** A principal of the tenant, if the actor may know of it. */
  private Principal found(MetastoreTransaction tx, PrincipalName name) {
    return tx.principals()
        .find(name)
        .filter(principal -> principal.tenant().equals(realm.owner()))
        .orElseThrow(() ->
            new PolderException(
                ErrorCode.PRINCIPAL_NOT_FOUND, "principal '" + name + "' does not exist"));
  }

  private PrincipalEntry shown(MetastoreTransaction tx, PrincipalName name) {
    Principal principal = found(tx, name);
    // Asking for the credential makes sure that the principal may be looked at.
    CredentialAdministration.find(tx, realm.actor(), name);
    return entry(tx, principal);
  }

  private PrincipalEntry.WithCredentials with(
      MetastoreTransaction tx, PrincipalName name, IssuedCredential issued) {
    return new PrincipalEntry.WithCredentials(
        entry(tx, found(tx, name)), new Credentials(issued.clientId(), issued.clientSecret()));
  }

  static PrincipalEntry entry(MetastoreTransaction tx, Principal principal) {
    return new PrincipalEntry(
        Described.of(
            principal.name().value(), principal.createdAt(), tx.properties().of(principal.id())),
        tx.credentials().find(principal.id()).map(ClientCredential::clientId));
  }
}
