package dev.polder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.MetastoreTransaction;
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
import dev.polder.policy.admin.PolicyAdministration;
import dev.polder.policy.admin.RoleAdministration;
import dev.polder.policy.admin.UserAdministration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessControlTest extends PolicyFixture {
  private static final Set<Privilege> SELECT = EnumSet.of(Privilege.SELECT);
  private static final RoleRef READER = RoleRef.of(new RoleName("reader"));
  private static final GroupName SALES = new GroupName("sales");
  private static final Optional<TenantId> IN_ACME = Optional.of(ACME);

  @Test
  void withoutAnyGrantNothingIsAllowedAndTheMissingOneIsNamed() {
    Securable.Collection orders = table("orders");
    Access none = accessOf(user("ana", ACME));
    assertThat(none.mayBind()).isFalse();
    assertThat(none.visible(main)).isFalse();
    assertThat(none.visible(main, orders.collection())).isFalse();
    assertThat(none.onCollection(Privilege.SELECT, main, orders.collection(), "main.orders"))
        .isEqualTo(Decision.missing("SELECT", "main.orders"));
    assertThat(none.onSchema(Privilege.CREATE, main, "main"))
        .isEqualTo(Decision.missing("CREATE", "schema main"));
    assertThat(none.onSpace(Privilege.CREATE, "acme_sales"))
        .isEqualTo(Decision.missing("CREATE", "database acme_sales"));
  }

  @Test
  void aRoleReachesAPrincipalDirectlyAndThroughItsGroups() {
    Securable.Collection orders = table("orders");
    Identity direct = user("direct", ACME);
    Identity member = user("member", ACME);
    write(tx -> {
      RoleAdministration.create(tx, admin, IN_ACME, READER);
      GroupAdministration.create(tx, admin, IN_ACME, SALES);
      GroupAdministration.addMember(tx, admin, IN_ACME, SALES, member.name());
      RoleAdministration.give(tx, admin, IN_ACME, READER, SALES);
      RoleAdministration.give(tx, admin, READER, direct.name());
      grant(tx, SELECT, orders, new Grantee.ToRole(READER));
    });
    for (Identity identity : new Identity[] {direct, member}) {
      assertThat(mayRead(accessOf(identity), orders)).isTrue();
      assertThat(accessOf(identity).context().hasRole("reader")).isTrue();
    }
    assertThat(accessOf(member).context().inGroup("sales")).isTrue();
    assertThat(accessOf(member).groups()).hasSize(1);
    assertThat(accessOf(direct).context().inGroup("sales")).isFalse();

    write(tx -> GroupAdministration.removeMember(tx, admin, IN_ACME, SALES, member.name()));
    assertThat(mayRead(accessOf(member), orders)).isFalse();
    write(tx -> RoleAdministration.take(tx, admin, READER, direct.name()));
    assertThat(mayRead(accessOf(direct), orders)).isFalse();
  }

  @Test
  void aRevokeHoldsForTheNextStatementOnEveryServer() {
    Securable.Collection orders = table("orders");
    Identity ana = user("ana", ACME);
    Grantee toAna = new Grantee.ToUser(ana.name());
    write(tx -> grant(tx, SELECT, orders, toAna));
    try (Other other = new Other()) {
      assertThat(mayRead(accessOf(ana), orders)).isTrue();
      assertThat(mayRead(other.accessOf(ana), orders)).isTrue();
      assertThat(accessOf(ana)).isSameAs(accessOf(ana));
      write(tx -> GrantAdministration.revoke(tx, admin, SELECT, orders, toAna, "main.orders"));
      assertThat(mayRead(other.accessOf(ana), orders)).isFalse();
      assertThat(mayRead(accessOf(ana), orders)).isFalse();
    }
  }

  @Test
  void aGrantOnColumnsAllowsThoseColumnsOnly() {
    Securable.Collection people = table("people");
    Identity ana = user("ana", ACME);
    Grantee toAna = new Grantee.ToUser(ana.name());
    write(tx -> {
      grant(tx, SELECT, column(people, 1), toAna);
      grant(tx, SELECT, column(people, 3), toAna);
    });
    Access access = accessOf(ana);
    assertThat(columns(access, people, 1, 3)).isEqualTo(new Decision.Allowed());
    assertThat(columns(access, people)).isEqualTo(new Decision.Allowed());
    assertThat(columns(access, people, 1, 2))
        .isEqualTo(Decision.missing("SELECT", "main.people.c2"));
    assertThat(access.onCollection(Privilege.SELECT, main, people.collection(), "main.people"))
        .isEqualTo(Decision.missing("SELECT", "main.people"));
    assertThat(access.visible(main, people.collection())).isTrue();
    assertThat(access.visible(main, people.collection(), 3)).isTrue();
    assertThat(access.visible(main, people.collection(), 2)).isFalse();
    write(tx -> grant(tx, SELECT, people, toAna));
    assertThat(columns(accessOf(ana), people, 1, 2)).isEqualTo(new Decision.Allowed());
  }

  @Test
  void aGrantOnTheDatabaseCoversTablesMadeLater() {
    Identity ana = user("ana", ACME);
    write(tx -> grant(tx, SELECT, new Securable.Space(space), new Grantee.ToUser(ana.name())));
    assertThat(mayRead(accessOf(ana), table("later"))).isTrue();
  }

  @Test
  void aTenantsPrincipalHasNothingInAnotherTenantsSpace() {
    Securable.Collection orders = table("orders");
    Identity spy = user("spy", GLOBEX);
    write(tx -> {
      var server = RoleAdministration.create(tx, admin, Optional.empty(), READER);
      RoleAdministration.give(tx, admin, READER, spy.name());
      assertThat(tx.grants().grant(server.id(), Privilege.SELECT, orders, Optional.empty()))
          .isTrue();
    });
    Access access = accessOf(spy);
    assertThat(access.mayBind()).isFalse();
    assertThat(mayRead(access, orders)).isFalse();
    assertThat(access.roles()).isEmpty();
    assertThat(accessOf(tenantAdmin("chief", GLOBEX)).administrator()).isFalse();
  }

  @Test
  void aSuperuserMayAllAndADisabledOneNothing() {
    Securable.Collection orders = table("orders");
    assertThat(mayRead(accessOf(admin), orders)).isTrue();
    Identity key = authenticator.token(API_KEY);
    assertThat(mayRead(accessOf(key), orders)).isTrue();
    write(tx -> UserAdministration.setDisabled(tx, admin, new PrincipalName("api-key"), true));
    assertThat(mayRead(accessOf(key), orders)).isFalse();
  }

  @Test
  void aTenantAdministratorMayBindButReadsOnlyWhatItIsGranted() {
    Securable.Collection orders = table("orders");
    Access access = accessOf(tenantAdmin("chief", ACME));
    assertThat(access.mayBind()).isTrue();
    assertThat(access.administrator()).isTrue();
    assertThat(mayRead(access, orders)).isFalse();
  }

  @Test
  void rowFiltersOfHeldRolesAndThoseForEverybodyAccumulate() {
    Securable.Collection orders = table("orders");
    Identity ana = user("ana", ACME);
    Identity bob = user("bob", ACME);
    write(tx -> {
      RoleAdministration.create(tx, admin, IN_ACME, READER);
      RoleAdministration.give(tx, admin, READER, ana.name());
      filter(tx, orders, "all", Optional.empty(), "not deleted");
      filter(tx, orders, "readers", Optional.of(READER), "owner = current_user");
    });
    assertThat(accessOf(ana).policies(orders.collection()).rowFilters())
        .extracting(RowFilter::expression)
        .containsExactlyInAnyOrder("not deleted", "owner = current_user");
    for (Identity other : new Identity[] {bob, admin}) {
      assertThat(accessOf(other).policies(orders.collection()).rowFilters())
          .extracting(RowFilter::name)
          .containsExactly("all");
    }
    write(tx -> PolicyAdministration.drop(tx, admin, space, orders.collection(), "all"));
    assertThat(accessOf(bob).policies(orders.collection()).isEmpty()).isTrue();
    assertThat(accessOf(ana).policies(table("other").collection()).isEmpty()).isTrue();
  }

  @Test
  void masksThatDifferOnOneColumnLeaveNull() {
    Securable.Collection people = table("people");
    Identity ana = user("ana", ACME);
    write(tx -> {
      RoleAdministration.create(tx, admin, IN_ACME, READER);
      RoleAdministration.give(tx, admin, READER, ana.name());
      mask(tx, people, 1, "a", Optional.empty(), "'***'");
      mask(tx, people, 1, "b", Optional.of(READER), " '***' ");
      mask(tx, people, 2, "c", Optional.empty(), "left(phone, 3)");
      mask(tx, people, 2, "d", Optional.of(READER), "'***'");
    });
    TablePolicies policies = accessOf(ana).policies(people.collection());
    assertThat(policies.mask(1).orElseThrow().expression()).contains("'***'");
    assertThat(policies.mask(1).orElseThrow().policies()).hasSize(2);
    assertThat(policies.mask(2).orElseThrow().expression()).isEmpty();
    assertThat(policies.mask(3)).isEmpty();
    TablePolicies others = accessOf(admin).policies(people.collection());
    assertThat(others.mask(2).orElseThrow().expression()).contains("left(phone, 3)");
  }

  @Test
  void aPoliciesContextIsThatOfTheOneWhoAsks() {
    PolicyContext context = accessOf(user("ana", ACME)).context();
    assertThat(context.user()).isEqualTo(new PrincipalName("ana"));
    assertThat(context.tenant()).isEqualTo(ACME);
    assertThat(context.roles()).isEmpty();
    assertThat(accessOf(admin).context().tenant()).isEqualTo(ACME);
  }

  private void grant(MetastoreTransaction tx, Set<Privilege> privileges, Securable on, Grantee to) {
    GrantAdministration.grant(tx, admin, privileges, on, to, "it");
  }

  private void filter(
      MetastoreTransaction tx,
      Securable.Collection on,
      String name,
      Optional<RoleRef> role,
      String expression) {
    PolicyAdministration.createRowFilter(tx, admin, space, on.collection(), name, role, expression);
  }

  private void mask(
      MetastoreTransaction tx,
      Securable.Collection on,
      int fieldId,
      String name,
      Optional<RoleRef> role,
      String expression) {
    PolicyAdministration.createColumnMask(
        tx, admin, space, on.collection(), fieldId, name, role, expression);
  }

  private static Securable.Column column(Securable.Collection table, int fieldId) {
    return new Securable.Column(table.space(), table.schema(), table.collection(), fieldId);
  }

  private static boolean mayRead(Access access, Securable.Collection table) {
    return access
        .onCollection(Privilege.SELECT, table.schema(), table.collection(), "it")
        .allowed();
  }

  private static Decision columns(Access access, Securable.Collection table, int... fieldIds) {
    Map<Integer, String> columns = new LinkedHashMap<>();
    for (int fieldId : fieldIds) {
      columns.put(fieldId, "c" + fieldId);
    }
    return access.onColumns(
        Privilege.SELECT, table.schema(), table.collection(), "main.people", columns);
  }

  /** Another server: with its own metastore where two can share a database. */
  private final class Other implements AutoCloseable {
    private final AccessControl control = new AccessControl();
    private final Optional<Metastore> own =
        store == Store.POSTGRES ? Optional.of(store.open(place, clock)) : Optional.empty();

    Access accessOf(Identity identity) {
      return own.orElse(metastore).read(tx -> control.access(tx, identity, space));
    }

    @Override
    public void close() {
      own.ifPresent(Metastore::close);
    }
  }
}
