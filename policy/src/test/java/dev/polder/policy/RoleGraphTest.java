package dev.polder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.access.Role;
import dev.polder.metastore.access.TokenScope;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.Privilege;
import dev.polder.model.RoleId;
import dev.polder.model.RoleName;
import dev.polder.model.RoleRef;
import dev.polder.model.Securable;
import dev.polder.model.TenantId;
import dev.polder.policy.admin.GrantAdministration;
import dev.polder.policy.admin.Grantee;
import dev.polder.policy.admin.RoleAdministration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoleGraphTest extends PolicyFixture {
  private static final Optional<TenantId> IN_ACME = Optional.of(ACME);
  private static final RoleRef OUTER = RoleRef.of(new RoleName("outer"));
  private static final RoleRef OTHER = RoleRef.of(new RoleName("other"));
  private static final RoleRef BOUND =
      RoleRef.in(new DatabaseName("acme_sales"), new RoleName("bound"));

  private RoleId bound(Identity holder) {
    write(tx -> {
      RoleAdministration.create(tx, admin, IN_ACME, OUTER);
      RoleAdministration.create(tx, admin, IN_ACME, OTHER);
      RoleAdministration.create(tx, admin, IN_ACME, BOUND);
      RoleAdministration.give(tx, admin, IN_ACME, BOUND, OUTER);
      RoleAdministration.give(tx, admin, OUTER, holder.name());
      RoleAdministration.give(tx, admin, OTHER, holder.name());
      GrantAdministration.grant(
          tx,
          admin,
          EnumSet.of(Privilege.SELECT),
          new Securable.Space(space),
          new Grantee.ToRole(BOUND),
          "acme_sales");
    });
    return id(BOUND);
  }

  private RoleId id(RoleRef ref) {
    Role role = metastore.read(tx -> RoleAdministration.get(tx, admin, IN_ACME, ref));
    return role.id();
  }

  private static Identity narrowed(Identity whole, RoleId... roles) {
    return new Identity(
        whole.id(),
        whole.name(),
        whole.tenant(),
        false,
        whole.token(),
        new TokenScope.OfRoles(Set.of(roles)),
        Optional.empty());
  }

  @Test
  void aTokenForARoleReachesWhatThatRoleHoldsAndNoMore() {
    Identity ana = user("ana", ACME);
    RoleId bound = bound(ana);
    RoleId outer = id(OUTER);
    assertThat(accessOf(ana).onSpace(Privilege.SELECT, "d").allowed()).isTrue();
    assertThat(accessOf(narrowed(ana, outer)).onSpace(Privilege.SELECT, "d").allowed()).isTrue();
    assertThat(accessOf(narrowed(ana, bound)).onSpace(Privilege.SELECT, "d").allowed()).isTrue();
    assertThat(accessOf(narrowed(ana, id(OTHER))).onSpace(Privilege.SELECT, "d").allowed())
        .isFalse();
    write(tx -> RoleAdministration.take(tx, admin, OUTER, ana.name()));
    assertThat(accessOf(ana).onSpace(Privilege.SELECT, "d").allowed()).isFalse();
    assertThat(accessOf(narrowed(ana, outer)).onSpace(Privilege.SELECT, "d").allowed()).isFalse();
  }

  @Test
  void aDatabasesRoleIsNoRoleOfItsPlainName() {
    Identity ana = user("ana", ACME);
    bound(ana);
    assertThat(accessOf(ana).context().hasRole("bound")).isFalse();
    assertThat(accessOf(ana).context().hasRole("outer")).isTrue();
    assertCode(
        ErrorCode.ROLE_NOT_FOUND,
        () ->
            write(tx ->
                RoleAdministration.give(tx, admin, RoleRef.of(new RoleName("bound")), ana.name())));
  }

  @Test
  void onlyWhoAdministersBothRolesNestsThem() {
    Identity ana = user("ana", ACME);
    Identity eve = tenantAdmin("eve", GLOBEX);
    Identity chief = tenantAdmin("chief", ACME);
    bound(ana);
    RoleRef server = RoleRef.of(new RoleName("server"));
    write(tx -> {
      RoleAdministration.create(tx, admin, Optional.empty(), server);
      RoleAdministration.create(tx, admin, Optional.of(GLOBEX), OTHER);
    });
    assertCode(
        ErrorCode.ACCESS_DENIED,
        () -> write(tx -> RoleAdministration.give(tx, ana, IN_ACME, OTHER, OUTER)));
    assertCode(
        ErrorCode.TENANT_NOT_FOUND,
        () -> write(tx -> RoleAdministration.give(tx, eve, IN_ACME, OTHER, OUTER)));
    assertCode(
        ErrorCode.ROLE_NOT_FOUND,
        () -> write(tx -> RoleAdministration.give(tx, eve, Optional.of(GLOBEX), BOUND, OTHER)));
    assertCode(
        ErrorCode.ACCESS_DENIED,
        () -> write(tx -> RoleAdministration.give(tx, chief, IN_ACME, server, OUTER)));
    assertCode(
        ErrorCode.ACCESS_DENIED,
        () -> write(tx -> RoleAdministration.give(tx, chief, IN_ACME, OUTER, server)));
    assertCode(
        ErrorCode.INVALID_PARAMETER,
        () -> write(tx -> RoleAdministration.give(tx, admin, IN_ACME, OUTER, server)));
    assertCode(
        ErrorCode.INVALID_PARAMETER,
        () -> write(tx -> RoleAdministration.give(tx, chief, IN_ACME, OUTER, BOUND)));
    assertCode(
        ErrorCode.ROLE_CYCLE,
        () -> write(tx -> RoleAdministration.give(tx, chief, IN_ACME, OUTER, OUTER)));
    write(tx -> RoleAdministration.give(tx, chief, IN_ACME, OTHER, OUTER));
    assertCode(
        ErrorCode.ROLE_CYCLE,
        () -> write(tx -> RoleAdministration.give(tx, chief, IN_ACME, OUTER, OTHER)));
  }
}
