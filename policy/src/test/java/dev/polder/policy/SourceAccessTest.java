package dev.polder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.metastore.MetastoreTransaction;
import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourceDefinition;
import dev.polder.metastore.source.SourceTable;
import dev.polder.model.ErrorCode;
import dev.polder.model.Privilege;
import dev.polder.model.Securable;
import dev.polder.model.SourceAlias;
import dev.polder.policy.admin.GrantAdministration;
import dev.polder.policy.admin.Grantee;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SourceAccessTest extends PolicyFixture {
  private static final List<String> ORDERS = List.of("public", "orders");
  private static final String NAME = "fedpg.public.orders";

  private Source source;
  private Identity ana;

  @BeforeEach
  void attach() {
    source =
        metastore.write(tx ->
            tx.sources()
                .put(
                    space,
                    SourceDefinition.ofConnector(
                        new SourceAlias("fedpg"), "postgres", Map.of(), true),
                    Optional.empty()));
    ana = user("ana", ACME);
  }

  @Test
  void theMissingGrantIsNamed() {
    Access none = of(ana);
    assertThat(none.mayBind()).isFalse();
    assertThat(none.visibleSource(source.id(), List.of())).isFalse();
    assertThat(none.onSource(Privilege.SELECT, source.id(), ORDERS, NAME))
        .isEqualTo(Decision.missing("SELECT", NAME));
    assertThatDenied("missing SELECT grant on fedpg.public.orders", none);
  }

  @Test
  void neitherAGrantOnTheSpaceNorADatabaseRoleReachesASource() {
    write(tx -> {
      for (Privilege privilege : Privilege.values()) {
        grant(tx, Set.of(privilege), new Securable.Space(space));
        grant(tx, Set.of(privilege), new Securable.Schema(space, main));
      }
    });
    assertThat(selects(of(ana))).isFalse();
    assertThat(of(ana).visibleSource(source.id(), List.of())).isFalse();
  }

  @Test
  void aTenantAdministratorReadsNothingWithoutAGrant() {
    assertThat(selects(of(tenantAdmin("boss", ACME)))).isFalse();
    assertThat(selects(of(admin))).isTrue();
  }

  @Test
  void aGrantCoversWhatIsInItAndNothingBesides() {
    write(tx -> grant(tx, Set.of(Privilege.SELECT), on("Public")));
    Access access = of(ana);
    assertThat(access.mayBind()).isTrue();
    assertThat(selects(access)).isTrue();
    assertThat(allowed(access, "PUBLIC", "ORDERS", "amount")).isTrue();
    assertThat(allowed(access, "other", "orders")).isFalse();
    assertThat(allowed(access)).isFalse();
    assertThat(access.onSource(Privilege.INSERT, source.id(), ORDERS, NAME).allowed()).isFalse();
    assertThat(access.visibleSource(source.id(), List.of())).isTrue();
    assertThat(access.visibleSource(source.id(), List.of("other"))).isFalse();
  }

  @Test
  void columnsAreGrantedOneByOne() {
    write(tx -> grant(tx, Set.of(Privilege.SELECT), on("public", "orders", "Id")));
    Access access = of(ana);
    assertThat(access.sourceColumns(Privilege.SELECT, source.id(), "Public", "Orders"))
        .containsExactly("id");
    assertThat(selects(access)).isFalse();
    assertThat(columns(access, List.of("ID")).allowed()).isTrue();
    assertThat(columns(access, List.of()).allowed()).isTrue();
    assertThat(columns(access, List.of("id", "secret")))
        .isEqualTo(Decision.missing("SELECT", NAME + ".secret"));
    assertThat(access.visibleSource(source.id(), List.of("public", "orders"))).isTrue();
    assertThat(access.visibleSource(source.id(), List.of("public", "orders", "secret"))).isFalse();
  }

  @Test
  void theSourceOfTheSameAliasInAnotherSpaceIsAnotherOne() {
    write(tx -> grant(tx, Set.of(Privilege.SELECT), on()));
    write(tx -> {
      tx.sources().delete(source);
      source = tx.sources().put(space, source.definition(), Optional.empty());
    });
    assertThat(selects(of(ana))).isFalse();
  }

  @Test
  void onlyReadingAndWritingCanBeGranted() {
    assertCode(
        ErrorCode.NOT_SUPPORTED, () -> write(tx -> grant(tx, Set.of(Privilege.CREATE), on())));
  }

  @Test
  void onlyAnAdministratorOfTheTenantGrants() {
    Identity boss = tenantAdmin("boss", ACME);
    Identity stranger = tenantAdmin("stranger", GLOBEX);
    Grantee to = new Grantee.ToUser(ana.name());
    Set<Privilege> select = Set.of(Privilege.SELECT);
    write(tx -> GrantAdministration.grant(tx, boss, select, on("public"), to, "fedpg.public"));
    assertThat(selects(of(ana))).isTrue();
    assertCode(
        ErrorCode.TENANT_NOT_FOUND,
        () -> write(tx -> GrantAdministration.grant(tx, stranger, select, on(), to, "fedpg")));
    assertCode(
        ErrorCode.ACCESS_DENIED,
        () -> write(tx -> GrantAdministration.grant(tx, ana, select, on(), to, "fedpg")));
  }

  @Test
  void filtersHoldTogetherAndMasksThatDifferLeaveNothing() {
    SourceTable table = new SourceTable(source.id(), "public", "orders");
    create(table, "f1", Optional.empty(), "a > 1");
    create(table, "f2", Optional.empty(), "b > 1");
    create(table, "m1", Optional.of("name"), "'x'");
    create(table, "m2", Optional.of("name"), "'y'");
    create(table, "m3", Optional.of("city"), "'z'");
    SourcePolicies policies = of(ana).sourcePolicies(source.id(), "PUBLIC", "Orders");
    assertThat(policies.rowFilters())
        .extracting(RowFilter::name)
        .containsExactlyInAnyOrder("f1", "f2");
    assertThat(policies.mask("NAME").orElseThrow().expression()).isEmpty();
    assertThat(policies.mask("city").orElseThrow().expression()).contains("'z'");
    assertThat(of(ana).restricted()).isTrue();
    assertThat(of(ana).sourcePolicies(source.id(), "public", "other").isEmpty()).isTrue();
  }

  private void create(SourceTable table, String name, Optional<String> column, String expression) {
    write(tx ->
        tx.sourcePolicies()
            .create(
                column.isPresent() ? PolicyKind.COLUMN_MASK : PolicyKind.ROW_FILTER,
                name,
                table,
                column,
                Optional.empty(),
                expression,
                Optional.empty()));
  }

  private void grant(MetastoreTransaction tx, Set<Privilege> privileges, Securable on) {
    GrantAdministration.grant(
        tx, admin, privileges, on, new Grantee.ToUser(ana.name()), "something");
  }

  private Securable on(String... path) {
    return new Securable.Source(space, source.id(), List.of(path));
  }

  private Access of(Identity identity) {
    return metastore.read(tx -> access.access(tx, identity, space));
  }

  private boolean selects(Access access) {
    return access.onSource(Privilege.SELECT, source.id(), ORDERS, NAME).allowed();
  }

  private boolean allowed(Access access, String... path) {
    return access.onSource(Privilege.SELECT, source.id(), List.of(path), NAME).allowed();
  }

  private Decision columns(Access access, List<String> columns) {
    return access.onSourceColumns(Privilege.SELECT, source.id(), "public", "orders", NAME, columns);
  }

  private void assertThatDenied(String text, Access access) {
    assertThatThrownBy(() -> access.onSource(Privilege.SELECT, source.id(), ORDERS, NAME).require())
        .hasMessage(text);
  }
}
