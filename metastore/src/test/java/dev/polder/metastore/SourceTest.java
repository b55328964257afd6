package dev.polder.metastore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.access.Grant;
import dev.polder.metastore.access.PolicyKind;
import dev.polder.metastore.catalog.DatabaseKind;
import dev.polder.metastore.source.OnStartFailure;
import dev.polder.metastore.source.Source;
import dev.polder.metastore.source.SourceDefinition;
import dev.polder.metastore.source.SourcePolicy;
import dev.polder.metastore.source.SourceSecret;
import dev.polder.metastore.source.SourceTable;
import dev.polder.model.DatabaseName;
import dev.polder.model.ErrorCode;
import dev.polder.model.Privilege;
import dev.polder.model.RoleId;
import dev.polder.model.RoleName;
import dev.polder.model.Secret;
import dev.polder.model.Securable;
import dev.polder.model.SourceAlias;
import dev.polder.model.SpaceKey;
import dev.polder.model.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourceTest extends Contract {
  private static final SourceAlias PG = new SourceAlias("FedPg");
  private static final SourceDefinition DEFINITION =
      SourceDefinition.ofConnector(PG, "postgres", Map.of("host", "pg", "port", "5432"), true);

  @Test
  void whatIsPutIsFoundByAliasAndByIdentity() {
    SourceDefinition full =
        new SourceDefinition(
            PG,
            Optional.of("Prod warehouse"),
            Optional.of("ATTACH '' AS {{alias}}"),
            Optional.empty(),
            Map.of("a", "b"),
            false,
            true,
            true,
            OnStartFailure.SKIP,
            Optional.of("/extensions"));
    Source made = put(SPACE, full);
    assertThat(made.definition()).isEqualTo(full);
    assertThat(made.id().value()).matches("fs-[0-9a-f]{32}");
    assertThat(made.revision()).isEqualTo(1);
    assertThat(made.alias().value()).isEqualTo("fedpg");
    assertThat(metastore.<Optional<Source>>read(tx -> tx.sources().find(SPACE, PG))).contains(made);
    assertThat(metastore.<Optional<Source>>read(tx -> tx.sources().find(made.id()))).contains(made);
    assertThat(made.toString()).doesNotContain("ATTACH");
    assertCode(
        ErrorCode.SOURCE_NOT_FOUND,
        () -> metastore.read(tx -> tx.sources().get(SPACE, new SourceAlias("other"))));
  }

  @Test
  void puttingAgainKeepsTheIdentityAndRaisesTheRevision() {
    Source made = put(SPACE, DEFINITION);
    Source changed =
        put(SPACE, SourceDefinition.ofConnector(PG, "mysql", Map.of("host", "my"), false));
    assertThat(changed.id()).isEqualTo(made.id());
    assertThat(changed.revision()).isEqualTo(2);
    assertThat(changed.definition().connector()).contains("mysql");
    assertThat(metastore.<List<Source>>read(tx -> tx.sources().list(SPACE)))
        .containsExactly(changed);
  }

  @Test
  void everyChangeGivesTheSpaceANumberItNeverHadAndMovesTheEpoch() {
    assertThat(revision(SPACE)).isZero();
    long epoch = epoch();
    Source made = put(SPACE, DEFINITION);
    long first = revision(SPACE);
    secret(made, "PWD", "sealed");
    long second = revision(SPACE);
    assertThat(metastore.<Boolean>write(tx -> tx.sources().deleteSecret(made, "PWD"))).isTrue();
    long third = revision(SPACE);
    assertThat(metastore.<Boolean>write(tx -> tx.sources().deleteSecret(made, "PWD"))).isFalse();
    assertThat(revision(SPACE)).isEqualTo(third);
    delete(made);
    assertThat(List.of(0L, first, second, third, revision(SPACE))).doesNotHaveDuplicates();
    assertThat(epoch()).isGreaterThan(epoch);
  }

  @Test
  void oneSpaceDoesNotSeeTheSourcesOfAnother() {
    SpaceKey other = space("acme_fed", "acme");
    Source ours = put(SPACE, DEFINITION);
    Source theirs = put(other, DEFINITION);
    assertThat(theirs.id()).isNotEqualTo(ours.id());
    assertThat(metastore.<List<Source>>read(tx -> tx.sources().list(other)))
        .containsExactly(theirs);
    assertThat(revision(other)).isNotEqualTo(revision(SPACE));
  }

  @Test
  void aSecretIsAValueOrAReferenceAndPrintsNoValue() {
    Source made = put(SPACE, DEFINITION);
    SourceSecret value = secret(made, "PWD", "sealed text");
    assertThat(value.id()).matches("fsec-[0-9a-f]{32}");
    assertThat(value.toString()).doesNotContain("sealed text");
    SourceSecret reference =
        metastore.write(tx ->
            tx.sources()
                .putSecret(
                    made,
                    "PWD",
                    Optional.empty(),
                    Optional.of("vault:secret/data/pg#password"),
                    Optional.empty()));
    assertThat(reference.id()).isEqualTo(value.id());
    assertThat(reference.sealed()).isEmpty();
    secret(made, "A", "other");
    assertThat(metastore.<List<SourceSecret>>read(tx -> tx.sources().secrets(made.id())))
        .extracting(SourceSecret::name)
        .containsExactly("A", "PWD");
    assertThat(metastore.<Source>read(tx -> tx.sources().get(SPACE, PG)).revision()).isEqualTo(4);
  }

  @Test
  void grantsOnASourceKeepTheirPathWhateverIsInItsNames() {
    Source made = put(SPACE, DEFINITION);
    RoleId role = role();
    List<String> path = List.of("Pub\"lic", "or.ders", "ид");
    Securable on = new Securable.Source(SPACE, made.id(), path);
    grant(role, on);
    assertThat(metastore.<List<Grant>>read(tx -> tx.grants().on(on)))
        .extracting(Grant::securable)
        .containsExactly(
            new Securable.Source(SPACE, made.id(), List.of("pub\"lic", "or.ders", "ид")));
    assertThat(metastore.<Boolean>write(tx -> tx.grants().revoke(role, Privilege.SELECT, on)))
        .isTrue();
  }

  @Test
  void aSourceMadeAgainUnderTheSameAliasHasNoneOfTheFirstsGrantsPoliciesAndSecrets() {
    Source first = put(SPACE, DEFINITION);
    RoleId role = role();
    grant(role, new Securable.Source(SPACE, first.id(), List.of()));
    secret(first, "PWD", "sealed");
    policy(first, "mine");
    delete(first);
    Source second = put(SPACE, DEFINITION);
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(metastore.<List<Grant>>read(tx -> tx.grants().ofRole(role))).isEmpty();
    assertThat(metastore.<List<SourceSecret>>read(tx -> tx.sources().secrets(first.id())))
        .isEmpty();
    assertThat(metastore.<List<SourcePolicy>>read(tx -> tx.sourcePolicies().all(SPACE))).isEmpty();
  }

  @Test
  void policiesAreFoundByLowerCasedNames() {
    Source made = put(SPACE, DEFINITION);
    SourcePolicy filter = policy(made, "mine");
    SourceTable table = new SourceTable(made.id(), "PUBLIC", "Orders");
    SourcePolicy mask =
        metastore.write(tx ->
            tx.sourcePolicies()
                .create(
                    PolicyKind.COLUMN_MASK,
                    "masked",
                    table,
                    Optional.of("Name"),
                    Optional.empty(),
                    "NULL",
                    Optional.empty()));
    assertThat(mask.column()).contains("name");
    assertThat(metastore.<List<SourcePolicy>>read(tx -> tx.sourcePolicies().on(table)))
        .containsExactly(mask, filter);
    assertCode(ErrorCode.POLICY_EXISTS, () -> policy(made, "mine"));
    metastore.write(tx -> {
      tx.sourcePolicies().delete(mask.id());
      return true;
    });
    assertThat(metastore.<List<SourcePolicy>>read(tx -> tx.sourcePolicies().all(SPACE)))
        .containsExactly(filter);
  }

  @Test
  void aMoveTakesSourcesSecretsGrantsAndPoliciesAlong() {
    SpaceKey from = space("acme_fed", "acme");
    SpaceKey to = space("acme_new", "acme");
    Source made = put(from, DEFINITION);
    secret(made, "PWD", "sealed");
    policy(made, "mine");
    RoleId role = role();
    grant(role, new Securable.Source(from, made.id(), List.of("public")));
    long before = revision(to);
    metastore.write(tx -> tx.cuts().moveAccess(from, to));
    Source moved = metastore.read(tx -> tx.sources().get(to, PG));
    assertThat(moved.id()).isEqualTo(made.id());
    assertThat(revision(to)).isNotEqualTo(before);
    metastore.read(tx -> {
      assertThat(tx.sources().list(from)).isEmpty();
      assertThat(tx.sources().secrets(made.id())).hasSize(1);
      assertThat(tx.sourcePolicies().all(to)).hasSize(1);
      assertThat(tx.grants().ofRole(role))
          .extracting(Grant::securable)
          .containsExactly(new Securable.Source(to, made.id(), List.of("public")));
      return true;
    });
  }

  @Test
  void copiesAndMirrorsOfADatabaseKnowNothingOfItsSources() {
    Source made = put(SPACE, DEFINITION);
    RoleId role = role();
    grant(role, new Securable.Source(SPACE, made.id(), List.of()));
    SpaceKey clone = space("clone", "default");
    metastore.write(tx -> {
      var commit = tx.commits().next(clone.database(), Optional.empty(), clone.tenant(), "CLONE");
      tx.cuts().copyAccess(SPACE, clone, commit);
      return commit;
    });
    metastore.read(tx -> {
      assertThat(tx.sources().list(clone)).isEmpty();
      assertThat(tx.grants().all(clone)).isEmpty();
      assertThat(tx.changes().access(SPACE.database()).grants()).isEmpty();
      return true;
    });
  }

  @Test
  void whatEndsASpaceEndsItsSources() {
    SpaceKey removed = space("a", "acme");
    SpaceKey purged = space("b", "acme");
    SpaceKey dropped = space("c", "globex");
    for (SpaceKey space : List.of(removed, purged, dropped)) {
      secret(put(space, DEFINITION), "PWD", "sealed");
    }
    metastore.write(tx -> {
      tx.cuts().takeAccess(removed);
      tx.databases().drop(purged.database());
      tx.collect().purge(purged.database());
      tx.databases().drop(dropped.database());
      tx.tenants().delete(dropped.tenant());
      return true;
    });
    metastore.read(tx -> {
      for (SpaceKey space : List.of(removed, purged, dropped)) {
        assertThat(tx.sources().list(space)).isEmpty();
      }
      return true;
    });
  }

  @Test
  void aDatabaseThatWasDroppedByMistakeComesBackWithItsSources() {
    SpaceKey space = space("a", "acme");
    Source made = put(space, DEFINITION);
    metastore.write(tx -> {
      tx.databases().drop(space.database());
      tx.databases().undrop(space.database());
      return true;
    });
    assertThat(metastore.<List<Source>>read(tx -> tx.sources().list(space))).containsExactly(made);
  }

  private Source put(SpaceKey space, SourceDefinition definition) {
    return metastore.write(tx -> tx.sources().put(space, definition, Optional.empty()));
  }

  private void delete(Source source) {
    metastore.write(tx -> {
      tx.sources().delete(source);
      return true;
    });
  }

  private SourceSecret secret(Source source, String name, String value) {
    return metastore.write(tx ->
        tx.sources()
            .putSecret(
                source, name, Optional.of(Secret.of(value)), Optional.empty(), Optional.empty()));
  }

  private SourcePolicy policy(Source source, String name) {
    return metastore.write(tx ->
        tx.sourcePolicies()
            .create(
                PolicyKind.ROW_FILTER,
                name,
                new SourceTable(source.id(), "public", "orders"),
                Optional.empty(),
                Optional.empty(),
                "a > 1",
                Optional.empty()));
  }

  private RoleId role() {
    return metastore.write(
        tx -> tx.roles().create(Optional.empty(), Optional.empty(), new RoleName("reader")).id());
  }

  private void grant(RoleId role, Securable on) {
    metastore.write(tx -> tx.grants().grant(role, Privilege.SELECT, on, Optional.empty()));
  }

  private SpaceKey space(String database, String tenant) {
    return metastore.write(tx -> {
      TenantId id = new TenantId(tenant);
      if (tx.tenants().find(id).isEmpty()) {
        tx.tenants().create(id);
      }
      var made = tx.databases().create(new DatabaseName(database), DatabaseKind.LAKE, Map.of());
      return tx.spaces().create(new SpaceKey(made.id(), id)).key();
    });
  }

  private long revision(SpaceKey space) {
    return metastore.read(tx -> tx.sources().revision(space));
  }

  private long epoch() {
    return metastore.read(tx -> tx.grants().epoch());
  }
}
