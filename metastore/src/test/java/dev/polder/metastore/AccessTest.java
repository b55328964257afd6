package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.access.DatabaseGrant;
import dev.polder.metastore.access.DatabaseGrantStore;
import dev.polder.metastore.access.Grant;
import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.access.Principal;
import dev.polder.metastore.access.PrincipalKind;
import dev.polder.metastore.access.TokenKind;
import dev.polder.model.CollectionId;
import dev.polder.model.DatabaseId;
import dev.polder.model.DatabaseRole;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupName;
import dev.polder.model.PrincipalId;
import dev.polder.model.PrincipalName;
import dev.polder.model.Privilege;
import dev.polder.model.RoleId;
import dev.polder.model.RoleName;
import dev.polder.model.SchemaId;
import dev.polder.model.Secret;
import dev.polder.model.Securable;
import dev.polder.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AccessTest extends Contract {
  private static final Optional<PrincipalId> NOBODY = Optional.empty();

  private Principal user(MetastoreTransaction tx, String name) {
    return tx.principals()
        .create(
            new PrincipalName(name),
            Optional.of(TenantId.DEFAULT),
            PrincipalKind.USER,
            Optional.of(Secret.of("hash")),
            false);
  }

  @Test
  void grantsReachAPrincipalDirectlyThroughARoleAndThroughAGroup() {
    SchemaId schema = new SchemaId("s");
    CollectionId table = new CollectionId("t");
    List<Securable> securables =
        List.of(
            new Securable.Space(SPACE),
            new Securable.Schema(SPACE, schema),
            new Securable.Collection(SPACE, schema, table),
            new Securable.Column(SPACE, schema, table, 7));
    Principal ann =
        metastore.write(tx -> {
          Principal user = user(tx, "ann");
          var own = tx.roles().personal(user).id();
          var direct = tx.roles().create(Optional.empty(), new RoleName("direct")).id();
          var byGroup = tx.roles().create(Optional.empty(), new RoleName("byGroup")).id();
          var group = tx.groups().create(Optional.empty(), new GroupName("g")).id();
          tx.roles().give(direct, user.id());
          tx.roles().give(byGroup, group);
          tx.groups().addMember(group, user.id());
          tx.grants().grant(own, Privilege.SELECT, securables.get(0), Optional.empty());
          tx.grants().grant(own, Privilege.SELECT, securables.get(1), Optional.empty());
          tx.grants().grant(direct, Privilege.INSERT, securables.get(2), Optional.empty());
          tx.grants().grant(byGroup, Privilege.DELETE, securables.get(3), Optional.of(user.id()));
          return user;
        });
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.grants().heldBy(ann.id(), SPACE)))
        .extracting(Grant::securable)
        .containsExactlyInAnyOrderElementsOf(securables);
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.roles().heldBy(ann.id()))).hasSize(3);
    assertThat(
            metastore
                .read((MetastoreTransaction tx) ->
                    tx.roles().list(Optional.empty(), Optional.empty(), 10))
                .items())
        .hasSize(2);
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.grants().on(securables.get(3))))
        .hasSize(1);
    metastore.write(tx -> {
      tx.principals().delete(ann.id());
      return tx;
    });
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.grants().heldBy(ann.id(), SPACE)))
        .isEmpty();
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.grants().on(securables.get(0))))
        .isEmpty();
  }

  @Test
  void rolesReachAPrincipalThroughAnyNumberOfRolesAndNeverInACircle() {
    Securable space = new Securable.Space(SPACE);
    List<RoleId> roles =
        metastore.write(tx -> {
          Principal user = user(tx, "ann");
          List<RoleId> made = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            made.add(tx.roles().create(Optional.empty(), new RoleName("r" + i)).id());
            if (i > 0) {
              tx.roles().give(made.get(i), made.get(i - 1));
            }
          }
          tx.roles().give(made.getFirst(), user.id());
          tx.grants().grant(made.getLast(), Privilege.SELECT, space, NOBODY);
          return made;
        });
    PrincipalId ann = metastore.read(tx -> tx.principals().get(new PrincipalName("ann")).id());
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.roles().heldBy(ann))).hasSize(20);
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.grants().heldBy(ann, SPACE)))
        .hasSize(1);
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.roles().heldThrough(roles.get(9))))
        .hasSize(10);
    assertCode(
        ErrorCode.ROLE_CYCLE,
        () -> metastore.write(tx -> tx.roles().give(roles.getFirst(), roles.getLast())));
    assertCode(
        ErrorCode.ROLE_CYCLE,
        () -> metastore.write(tx -> tx.roles().give(roles.get(3), roles.get(3))));
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.roles().isHeld(roles.getLast())))
        .isTrue();
    long before = metastore.read(tx -> tx.grants().epoch());
    metastore.write(tx -> {
      tx.roles().delete(roles.get(10));
      return tx;
    });
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.grants().epoch()))
        .isGreaterThan(before);
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.grants().heldBy(ann, SPACE)))
        .isEmpty();
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.roles().isHeld(roles.getLast())))
        .isFalse();
  }

  @Test
  void aRolesNameIsUniqueAmongThoseOfItsDatabaseAndGoesWithTheTenantsPartOfIt() {
    Optional<TenantId> tenant = Optional.of(TenantId.DEFAULT);
    Optional<DatabaseId> database = Optional.of(SPACE.database());
    RoleName name = new RoleName("r");
    RoleId bound =
        metastore.write(tx -> {
          RoleId plain = tx.roles().create(tenant, name).id();
          RoleId made = tx.roles().create(tenant, database, name).id();
          tx.roles().give(made, plain);
          return made;
        });
    assertCode(
        ErrorCode.ROLE_EXISTS,
        () -> metastore.write(tx -> tx.roles().create(tenant, database, name)));
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.roles().find(tenant, name)))
        .map(role -> role.database().isEmpty())
        .contains(true);
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.roles().of(SPACE))).hasSize(1);
    metastore.write(tx -> {
      tx.properties().set(bound, Map.of("a", "b"), 1);
      return tx;
    });
    assertCode(
        ErrorCode.ENTITY_VERSION_MISMATCH,
        () ->
            metastore.write(tx -> {
              tx.properties().set(bound, Map.of(), 1);
              return tx;
            }));
    metastore.write(tx -> {
      tx.cuts().takeAccess(SPACE);
      return tx;
    });
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.roles().find(bound))).isEmpty();
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.roles().find(tenant, name)))
        .isPresent();
  }

  @Test
  void revokingTakesAwayExactlyOneGrantAndMovesTheEpoch() {
    Securable space = new Securable.Space(SPACE);
    var role =
        metastore.write(tx -> {
          var made = tx.roles().create(Optional.of(TenantId.DEFAULT), new RoleName("r")).id();
          tx.grants().grant(made, Privilege.SELECT, space, Optional.empty());
          tx.grants().grant(made, Privilege.INSERT, space, Optional.empty());
          return made;
        });
    long before = metastore.read(tx -> tx.grants().epoch());
    assertThat(
            metastore.write(
                (MetastoreTransaction tx) -> tx.grants().revoke(role, Privilege.SELECT, space)))
        .isTrue();
    assertThat(
            metastore.write(
                (MetastoreTransaction tx) -> tx.grants().revoke(role, Privilege.SELECT, space)))
        .isFalse();
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.grants().epoch()))
        .isGreaterThan(before);
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.grants().ofRole(role)))
        .extracting(Grant::privilege)
        .containsExactly(Privilege.INSERT);
  }

  @Test
  void databaseRolesReachAPrincipalThroughItsRolesAndGroupsAndGoWithThem() {
    DatabaseId database = SPACE.database();
    Principal ann =
        metastore.write(tx -> {
          Principal user = user(tx, "ann");
          var own = tx.roles().personal(user).id();
          var role = tx.roles().create(Optional.empty(), new RoleName("role")).id();
          var group = tx.groups().create(Optional.empty(), new GroupName("group")).id();
          tx.roles().give(role, user.id());
          tx.groups().addMember(group, user.id());
          DatabaseGrantStore grants = tx.databaseGrants();
          assertThat(grants.grant(DatabaseGrant.to(own, DatabaseRole.READER, database), NOBODY))
              .isTrue();
          assertThat(grants.grant(DatabaseGrant.to(own, DatabaseRole.READER, database), NOBODY))
              .describedAs("held already")
              .isFalse();
          grants.grant(DatabaseGrant.to(role, DatabaseRole.EDITOR, database), NOBODY);
          grants.grant(DatabaseGrant.to(group, DatabaseRole.OWNER, database), NOBODY);
          grants.grant(DatabaseGrant.to(group, DatabaseRole.OWNER, new DatabaseId(7)), NOBODY);
          return user;
        });
    assertThat(databaseRoles(ann))
        .containsExactlyInAnyOrder(DatabaseRole.READER, DatabaseRole.EDITOR, DatabaseRole.OWNER);
    long before = metastore.read(tx -> tx.grants().epoch());
    metastore.write(tx -> {
      var role = tx.roles().find(Optional.empty(), new RoleName("role")).orElseThrow().id();
      var grant = DatabaseGrant.to(role, DatabaseRole.EDITOR, database);
      assertThat(tx.databaseGrants().revoke(grant)).isTrue();
      assertThat(tx.databaseGrants().revoke(grant)).isFalse();
      return role;
    });
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.grants().epoch()))
        .isGreaterThan(before);
    metastore.write(tx -> {
      var group = tx.groups().find(Optional.empty(), new GroupName("group")).orElseThrow().id();
      tx.groups().delete(group);
      assertThat(tx.databaseGrants().of(group)).isEmpty();
      return group;
    });
    assertThat(databaseRoles(ann)).containsExactly(DatabaseRole.READER);
  }

  private List<DatabaseRole> databaseRoles(Principal principal) {
    return metastore.read(tx ->
        tx.databaseGrants().heldBy(principal.id(), SPACE.database()).stream()
            .map(DatabaseGrant::role)
            .toList());
  }

  @Test
  void defaultDatabasesAreKeptByIdentity() {
    Principal ann = metastore.write(tx -> user(tx, "ann"));
    metastore.write(tx -> {
      tx.principals().setDefaultDatabase(ann.id(), Optional.of(SPACE.database()));
      tx.tenants().setDefaultDatabase(TenantId.DEFAULT, Optional.of(SPACE.database()));
      return tx;
    });
    assertThat(defaultOf(ann)).contains(SPACE.database());
    Optional<DatabaseId> ofTenant =
        metastore.read(tx -> tx.tenants().get(TenantId.DEFAULT).defaultDatabase());
    assertThat(ofTenant).contains(SPACE.database());
    metastore.write(tx -> {
      tx.principals().setDefaultDatabase(ann.id(), Optional.empty());
      return tx;
    });
    assertThat(defaultOf(ann)).isEmpty();
  }

  private Optional<DatabaseId> defaultOf(Principal principal) {
    return metastore.read(tx -> tx.principals().get(principal.name()).defaultDatabase());
  }

  @Test
  void namesAreUniqueAndCaseMatters() {
    metastore.write(tx -> user(tx, "ann"));
    metastore.write(tx -> user(tx, "Ann"));
    assertCode(ErrorCode.PRINCIPAL_EXISTS, () -> metastore.write(tx -> user(tx, "ann")));
    metastore.write(tx -> tx.roles().create(Optional.empty(), new RoleName("r")));
    metastore.write(tx -> tx.roles().create(Optional.of(TenantId.DEFAULT), new RoleName("r")));
    assertCode(
        ErrorCode.ROLE_EXISTS,
        () -> metastore.write(tx -> tx.roles().create(Optional.empty(), new RoleName("r"))));
    assertCode(
        ErrorCode.TENANT_NOT_FOUND,
        () ->
            metastore.write(
                tx -> tx.roles().create(Optional.of(new TenantId("nobody")), new RoleName("r"))));
  }

  @Test
  void pagesFollowEachOtherInOneOrderEverywhere() {
    List<String> names = List.of("B", "Z", "_x", "a", "a.b", "a_b", "b");
    names.forEach(name -> metastore.write(tx -> user(tx, name)));
    List<String> seen = new java.util.ArrayList<>();
    Optional<String> after = Optional.empty();
    do {
      Optional<String> from = after;
      Page<Principal> page = metastore.read(tx -> tx.principals().list(from, 2));
      page.items().forEach(user -> seen.add(user.name().value()));
      after = page.next();
    } while (after.isPresent());
    assertThat(seen).isEqualTo(names.stream().sorted().toList());
  }

  @Test
  void tokensAreFoundByTheirHashUntilTheyDie() {
    var token =
        metastore.write(tx ->
            tx.tokens()
                .create(
                    user(tx, "ann").id(),
                    "laptop",
                    TokenKind.PERSONAL,
                    "abc",
                    OptionalLong.of(tx.now() + 5)));
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.tokens().findByHash("abc")))
        .contains(token);
    assertThat(token.isValidAt(token.createdAt() + 4)).isTrue();
    assertThat(token.isValidAt(token.createdAt() + 5)).isFalse();
    metastore.write(tx -> {
      tx.tokens().revoke(token);
      return tx;
    });
    assertThat(
            metastore.read((MetastoreTransaction tx) ->
                tx.tokens().findByHash("abc").orElseThrow().isValidAt(0)))
        .isFalse();
  }

  @Test
  void policiesAreFoundByTheirTable() {
    CollectionId table = new CollectionId("t");
    var mask =
        metastore.write(tx ->
            tx.policies()
                .create(
                    PolicyKind.COLUMN_MASK,
                    "mask",
                    SPACE,
                    table,
                    OptionalInt.of(3),
                    Optional.empty(),
                    "'***'",
                    Optional.empty()));
    assertThat(metastore.read((MetastoreTransaction tx) -> tx.policies().on(table)))
        .containsExactly(mask);
    assertCode(
        ErrorCode.POLICY_EXISTS,
        () ->
            metastore.write(tx ->
                tx.policies()
                    .create(
                        PolicyKind.ROW_FILTER,
                        "mask",
                        SPACE,
                        table,
                        OptionalInt.empty(),
                        Optional.empty(),
                        "true",
                        Optional.empty())));
    metastore.write(tx -> {
      tx.policies().delete(mask.id());
      return tx;
    });
    assertThat(
            metastore
                .read((MetastoreTransaction tx) -> tx.policies().list(SPACE, Optional.empty(), 5))
                .items())
        .isEmpty();
  }
}
