package dev.polder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.PrincipalKind;
import dev.polder.metastore.access.Role;
import dev.polder.metastore.access.TokenKind;
import dev.polder.metastore.catalog.Tenant;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupName;
import dev.polder.model.PrincipalName;
import dev.polder.model.Privilege;
import dev.polder.model.RoleName;
import dev.polder.model.RoleRef;
import dev.polder.model.Securable;
import dev.polder.model.TenantId;
import dev.polder.policy.admin.GrantAdministration;
import dev.polder.policy.admin.Grantee;
import dev.polder.policy.admin.GroupAdministration;
import dev.polder.policy.admin.NewUser;
import dev.polder.policy.admin.PolicyAdministration;
import dev.polder.policy.admin.RoleAdministration;
import dev.polder.policy.admin.ShownGrant;
import dev.polder.policy.admin.TenantAdministration;
import dev.polder.policy.admin.TokenAdministration;
import dev.polder.policy.admin.User;
import dev.polder.policy.admin.UserAdministration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class AdministrationTest extends PolicyFixture {
  private static final Set<Privilege> SELECT = EnumSet.of(Privilege.SELECT);
  private static final PrincipalName NEW = new PrincipalName("newcomer");
  private static final RoleRef READER = RoleRef.of(new RoleName("reader"));
  private static final GroupName SALES = new GroupName("sales");

  @Test
  void aTenantAdministratorAdministersItsOwnTenantAndNoOther() {
    Identity chief = tenantAdmin("chief", ACME);
    user("stranger", GLOBEX);
    write(tx -> {
      UserAdministration.create(tx, chief, newUser(NEW, Optional.of(ACME), false));
      RoleAdministration.create(tx, chief, Optional.of(ACME), READER);
      RoleAdministration.give(tx, chief, READER, NEW);
      GroupAdministration.create(tx, chief, Optional.of(ACME), SALES);
      GroupAdministration.addMember(tx, chief, Optional.of(ACME), SALES, NEW);
      GrantAdministration.grant(
          tx, chief, SELECT, new Securable.Space(space), new Grantee.ToRole(READER), "it");
    });
    PrincipalName stranger = new PrincipalName("stranger");
    refused(
        ErrorCode.TENANT_NOT_FOUND,
        tx -> UserAdministration.create(tx, chief, newUser(stranger, Optional.of(GLOBEX), false)));
    refused(ErrorCode.PRINCIPAL_NOT_FOUND, tx -> UserAdministration.drop(tx, chief, stranger));
    refused(ErrorCode.PRINCIPAL_NOT_FOUND, tx -> UserAdministration.get(tx, chief, admin.name()));
    refused(
        ErrorCode.PRINCIPAL_NOT_FOUND,
        tx ->
            GrantAdministration.grant(
                tx, chief, SELECT, new Securable.Space(space), new Grantee.ToUser(stranger), "it"));
    refused(
        ErrorCode.TENANT_NOT_FOUND,
        tx -> RoleAdministration.create(tx, chief, Optional.of(GLOBEX), READER));
    assertThat(
            metastore
                .read(tx -> TenantAdministration.list(tx, chief, Optional.empty(), 10))
                .items())
        .extracting(Tenant::id)
        .containsExactly(ACME);
    assertThat(
            metastore
                .read(tx ->
                    UserAdministration.list(tx, chief, Optional.empty(), Optional.empty(), 10))
                .items())
        .extracting(User::name)
        .extracting(PrincipalName::value)
        .containsExactly("chief", "newcomer");
  }

  @Test
  void aTenantAdministratorCannotRiseAboveItsTenant() {
    Identity chief = tenantAdmin("chief", ACME);
    user("ana", ACME);
    write(tx ->
        RoleAdministration.create(tx, admin, Optional.empty(), RoleRef.of(new RoleName("server"))));
    refused(
        ErrorCode.ACCESS_DENIED,
        tx -> UserAdministration.create(tx, chief, newUser(NEW, Optional.empty(), true)));
    refused(
        ErrorCode.ACCESS_DENIED,
        tx -> UserAdministration.create(tx, chief, newUser(NEW, Optional.of(ACME), true)));
    refused(
        ErrorCode.ACCESS_DENIED,
        tx -> UserAdministration.setSuperuser(tx, chief, chief.name(), true));
    refused(
        ErrorCode.ACCESS_DENIED,
        tx ->
            RoleAdministration.give(
                tx, chief, RoleRef.of(new RoleName("tenant_admin")), new PrincipalName("ana")));
    refused(
        ErrorCode.ACCESS_DENIED,
        tx ->
            RoleAdministration.give(
                tx, chief, RoleRef.of(new RoleName("server")), new PrincipalName("ana")));
    refused(
        ErrorCode.ACCESS_DENIED,
        tx ->
            GrantAdministration.grant(
                tx,
                chief,
                SELECT,
                new Securable.Space(space),
                new Grantee.ToRole(RoleRef.of(new RoleName("server"))),
                "it"));
    refused(ErrorCode.ACCESS_DENIED, tx -> TenantAdministration.create(tx, chief, tenant("mine")));
    refused(ErrorCode.ACCESS_DENIED, tx -> TenantAdministration.drop(tx, chief, ACME));
    refused(
        ErrorCode.INVALID_NAME,
        tx ->
            RoleAdministration.create(
                tx, chief, Optional.of(ACME), RoleRef.of(new RoleName("tenant_admin"))));
  }

  @Test
  void anOrdinaryUserAdministersNothingButItself() {
    Identity ana = user("ana", ACME);
    user("bob", ACME);
    PrincipalName bob = new PrincipalName("bob");
    Securable.Collection orders = table("orders");
    write(tx ->
        GrantAdministration.grant(
            tx, admin, SELECT, orders, new Grantee.ToUser(ana.name()), "main.orders"));
    refused(
        ErrorCode.ACCESS_DENIED,
        tx -> UserAdministration.create(tx, ana, newUser(NEW, Optional.of(ACME), false)));
    refused(ErrorCode.ACCESS_DENIED, tx -> UserAdministration.drop(tx, ana, bob));
    NewPassword password = authenticator.newPassword(bob, PASSWORD, "local");
    refused(ErrorCode.ACCESS_DENIED, tx -> UserAdministration.setPassword(tx, ana, bob, password));
    refused(
        ErrorCode.ACCESS_DENIED,
        tx -> RoleAdministration.create(tx, ana, Optional.of(ACME), READER));
    refused(
        ErrorCode.ACCESS_DENIED,
        tx ->
            GrantAdministration.grant(
                tx, ana, SELECT, orders, new Grantee.ToUser(bob), "main.orders"));
    refused(
        ErrorCode.ACCESS_DENIED,
        tx ->
            PolicyAdministration.createRowFilter(
                tx, ana, space, orders.collection(), "f", Optional.empty(), "true"));
    refused(
        ErrorCode.ACCESS_DENIED,
        tx -> TokenAdministration.issue(tx, ana, bob, TokenKind.PERSONAL, "t", Optional.empty()));
    IssuedToken bobs =
        metastore.write(tx ->
            TokenAdministration.issue(tx, admin, bob, TokenKind.API_KEY, "t", Optional.empty()));
    refused(ErrorCode.TOKEN_NOT_FOUND, tx -> TokenAdministration.revoke(tx, ana, bobs.id()));
    assertThat(metastore.read(tx -> UserAdministration.get(tx, ana, ana.name())).disabled())
        .isFalse();
  }

  @Test
  void theOwnerOfATableGrantsOnItWhatItHolds() {
    Identity ana = user("ana", ACME);
    user("bob", ACME);
    Grantee toBob = new Grantee.ToUser(new PrincipalName("bob"));
    Securable.Collection mine = table("mine", Optional.of(ana));
    write(tx ->
        GrantAdministration.grant(
            tx, admin, SELECT, mine, new Grantee.ToUser(ana.name()), "main.mine"));
    write(tx -> GrantAdministration.grant(tx, ana, SELECT, mine, toBob, "main.mine"));
    refused(
        ErrorCode.ACCESS_DENIED,
        tx ->
            GrantAdministration.grant(
                tx, ana, EnumSet.of(Privilege.DROP), mine, toBob, "main.mine"));
    refused(
        ErrorCode.ACCESS_DENIED,
        tx ->
            GrantAdministration.grant(
                tx, ana, SELECT, new Securable.Schema(space, main), toBob, "main"));
    assertThat(
            metastore.<List<ShownGrant>>read(
                tx -> GrantAdministration.on(tx, ana, mine, "main.mine")))
        .extracting(ShownGrant::grantee)
        .contains(toBob);
    assertThat(
            metastore.<Integer>write(
                tx -> GrantAdministration.revoke(tx, ana, SELECT, mine, toBob, "main.mine")))
        .isEqualTo(1);
  }

  @Test
  void theCreatorHoldsEverythingOnWhatItCreated() {
    Identity ana = user("ana", ACME);
    Securable.Collection mine = table("mine", Optional.of(ana));
    write(tx -> GrantAdministration.grantToCreator(tx, ana, mine, "main.mine"));
    for (Privilege privilege : Privilege.values()) {
      assertThat(accessOf(ana).onCollection(privilege, main, mine.collection(), "it").allowed())
          .isTrue();
    }
    assertThat(
            metastore.<List<ShownGrant>>read(tx -> GrantAdministration.ofUser(tx, ana, ana.name())))
        .hasSize(Privilege.values().length);
  }

  @Test
  void theLastAdministratorStays() {
    refused(ErrorCode.ACCESS_DENIED, tx -> UserAdministration.drop(tx, admin, admin.name()));
    refused(
        ErrorCode.LAST_ADMINISTRATOR,
        tx -> UserAdministration.setDisabled(tx, admin, admin.name(), true));
    refused(
        ErrorCode.LAST_ADMINISTRATOR,
        tx -> UserAdministration.setSuperuser(tx, admin, admin.name(), false));
    Identity key = authenticator.token(API_KEY);
    refused(ErrorCode.LAST_ADMINISTRATOR, tx -> UserAdministration.drop(tx, key, admin.name()));
    write(tx -> {
      UserAdministration.create(tx, admin, newUser(NEW, Optional.empty(), true));
      UserAdministration.drop(tx, key, admin.name());
    });
    refused(
        ErrorCode.AUTHENTICATION_FAILED,
        tx -> TenantAdministration.create(tx, admin, tenant("late")));
  }

  @Test
  void aTenantInUseIsNotDropped() {
    refused(ErrorCode.TENANT_NOT_EMPTY, tx -> TenantAdministration.drop(tx, admin, ACME));
    user("ana", GLOBEX);
    refused(ErrorCode.TENANT_NOT_EMPTY, tx -> TenantAdministration.drop(tx, admin, GLOBEX));
    write(tx -> UserAdministration.drop(tx, admin, new PrincipalName("ana")));
    write(tx -> TenantAdministration.drop(tx, admin, GLOBEX));
    refused(ErrorCode.TENANT_NOT_FOUND, tx -> TenantAdministration.drop(tx, admin, GLOBEX));
  }

  @Test
  void aGroupTakesMembersOfItsTenantOnly() {
    user("ana", GLOBEX);
    write(tx -> GroupAdministration.create(tx, admin, Optional.of(ACME), SALES));
    refused(
        ErrorCode.INVALID_PARAMETER,
        tx ->
            GroupAdministration.addMember(
                tx, admin, Optional.of(ACME), SALES, new PrincipalName("ana")));
    refused(
        ErrorCode.INVALID_PARAMETER,
        tx ->
            GrantAdministration.grant(
                tx,
                admin,
                SELECT,
                new Securable.Space(space),
                new Grantee.ToUser(new PrincipalName("ana")),
                "it"));
  }

  @Test
  void aTakenRoleIsNoLongerHeldAndADroppedOneGrantsNothing() {
    Identity ana = user("ana", ACME);
    Securable.Collection orders = table("orders");
    write(tx -> {
      RoleAdministration.create(tx, admin, Optional.of(ACME), READER);
      RoleAdministration.give(tx, admin, READER, ana.name());
      GrantAdministration.grant(
          tx, admin, SELECT, orders, new Grantee.ToRole(READER), "main.orders");
    });
    assertThat(metastore.<List<Role>>read(tx -> RoleAdministration.heldBy(tx, ana, ana.name())))
        .extracting(Role::name)
        .containsExactly(READER.name());
    assertThat(
            metastore.<List<ShownGrant>>read(
                tx -> GrantAdministration.ofRole(tx, admin, Optional.of(ACME), READER)))
        .hasSize(1);
    write(tx -> RoleAdministration.drop(tx, admin, Optional.of(ACME), READER));
    assertThat(accessOf(ana).mayBind()).isFalse();
  }

  private void refused(ErrorCode code, Consumer<MetastoreTransaction> work) {
    assertCode(code, () -> write(work));
  }

  private static TenantId tenant(String name) {
    return new TenantId(name);
  }

  private static NewUser newUser(PrincipalName name, Optional<TenantId> tenant, boolean superuser) {
    return new NewUser(name, tenant, PrincipalKind.USER, Optional.empty(), superuser);
  }
}
