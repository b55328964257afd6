package dev.polder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.access.TokenKind;
import dev.polder.model.DatabaseName;
import dev.polder.model.DatabaseRole;
import dev.polder.model.ErrorCode;
import dev.polder.model.GroupName;
import dev.polder.model.PrincipalName;
import dev.polder.model.Privilege;
import dev.polder.model.RoleName;
import dev.polder.model.RoleRef;
import dev.polder.model.Secret;
import dev.polder.model.Securable;
import dev.polder.policy.admin.CredentialAdministration;
import dev.polder.policy.admin.DatabaseGate;
import dev.polder.policy.admin.DatabaseGrantAdministration;
import dev.polder.policy.admin.GrantAdministration;
import dev.polder.policy.admin.Grantee;
import dev.polder.policy.admin.GroupAdministration;
import dev.polder.policy.admin.PolicyAdministration;
import dev.polder.policy.admin.RoleAdministration;
import dev.polder.policy.admin.TokenAdministration;
import dev.polder.policy.admin.UserAdministration;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccessTokensTest extends PolicyFixture {
  private static final PrincipalName ANA = new PrincipalName("ana");
  private static final RoleRef READER = RoleRef.of(new RoleName("reader"));
  private static final RoleRef WRITER = RoleRef.of(new RoleName("writer"));
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Optional<String> ALL = Optional.empty();
  private static final Optional<String> AS_READER = Optional.of("PRINCIPAL_ROLE:reader");
  private static final DatabaseName SALES = new DatabaseName("acme_sales");

  private AccessTokens tokens;
  private Identity ana;
  private Securable.Collection orders;
  private Securable.Collection secret;
  private IssuedCredential credential;

  @BeforeEach
  void ana() {
    tokens = new AccessTokens(metastore, authenticator, HOUR);
    ana = user("ana", ACME);
    orders = table("orders");
    secret = table("secret");
    write(tx -> {
      for (RoleRef role : new RoleRef[] {READER, WRITER}) {
        RoleAdministration.create(tx, admin, Optional.of(ACME), role);
        RoleAdministration.give(tx, admin, role, ANA);
      }
      select(tx, orders, new Grantee.ToRole(READER));
      select(tx, secret, new Grantee.ToUser(ANA));
    });
    credential = metastore.write(tx -> CredentialAdministration.create(tx, admin, ANA, false));
  }

  @Test
  void aScopeLeavesOnlyItsRolesGrants() {
    Identity whole = authenticated(credential(ALL));
    assertThat(reads(whole, orders)).isTrue();
    assertThat(reads(whole, secret)).isTrue();
    AccessToken narrow = credential(AS_READER);
    assertThat(narrow.scope()).isEqualTo("PRINCIPAL_ROLE:reader");
    assertThat(reads(authenticated(narrow), orders)).isTrue();
    assertThat(reads(authenticated(narrow), secret)).isFalse();
    Identity writer = authenticated(credential(Optional.of("PRINCIPAL_ROLE:writer")));
    assertThat(reads(writer, orders)).isFalse();
    assertThat(accessOf(writer).mayBind()).isFalse();
    // A role taken away is gone from tokens that name it.
    write(tx -> RoleAdministration.take(tx, admin, READER, ANA));
    assertThat(reads(authenticated(narrow), orders)).isFalse();
  }

  @Test
  void whatIcebergClientsAskForByDefaultIsEverything() {
    assertThat(credential(Optional.of("catalog")).scope()).isEqualTo("PRINCIPAL_ROLE:ALL");
    assertThat(credential(Optional.of("PRINCIPAL_ROLE:reader  PRINCIPAL_ROLE:writer")).scope())
        .isEqualTo("PRINCIPAL_ROLE:reader PRINCIPAL_ROLE:writer");
    for (String other : new String[] {"openid", "PRINCIPAL_ROLE:", "PRINCIPAL_ROLE:tenant_admin"}) {
      assertCode(ErrorCode.INVALID_SCOPE, () -> credential(Optional.of(other)));
    }
    assertCode(
        ErrorCode.INVALID_SCOPE, () -> credential(Optional.of("PRINCIPAL_ROLE:" + personalRole())));
  }

  @Test
  void anExchangeOnlyNarrows() {
    AccessToken narrow = credential(AS_READER);
    assertThat(exchange(narrow, ALL).scope()).isEqualTo("PRINCIPAL_ROLE:reader");
    assertThat(exchange(narrow, Optional.of("PRINCIPAL_ROLE:ALL")).scope())
        .isEqualTo("PRINCIPAL_ROLE:reader");
    assertCode(
        ErrorCode.INVALID_SCOPE, () -> exchange(narrow, Optional.of("PRINCIPAL_ROLE:writer")));
    Identity session = authenticator.token(authenticator.login(authenticated(narrow), HOUR).text());
    assertThat(reads(session, secret)).isFalse();
    assertCode(
        ErrorCode.INVALID_SCOPE,
        () -> tokens.forClient("ana", narrow.text(), Optional.of("PRINCIPAL_ROLE:writer"), "x"));
  }

  @Test
  void withAPartOfItsRolesNobodyGetsTheRest() {
    Identity narrow = authenticated(credential(AS_READER));
    NewPassword password = authenticator.newPassword(ANA, Secret.of("the thief's own"), "local");
    for (Identity thief : new Identity[] {narrow, sessionOfPassword(AS_READER)}) {
      denied(tx -> UserAdministration.setPassword(tx, thief, ANA, password));
      denied(tx ->
          TokenAdministration.issue(tx, thief, ANA, TokenKind.PERSONAL, "t", Optional.empty()));
      denied(tx -> CredentialAdministration.rotate(tx, thief, ANA));
      denied(tx -> CredentialAdministration.reset(tx, thief, ANA, false));
      denied(tx -> UserAdministration.setDefaultDatabase(tx, thief, ACME, ANA, Optional.of(SALES)));
    }
    Securable.Collection own = table("own", Optional.of(ana));
    write(tx -> select(tx, own, new Grantee.ToRole(READER)));
    denied(tx ->
        GrantAdministration.grant(
            tx, narrow, Set.of(Privilege.SELECT), own, new Grantee.ToRole(WRITER), "own"));
  }

  @Test
  void anAdministratorsTokenForOneRoleAdministersNothing() {
    write(tx -> {
      RoleAdministration.create(tx, admin, Optional.empty(), RoleRef.of(new RoleName("viewer")));
      RoleAdministration.give(tx, admin, RoleRef.of(new RoleName("viewer")), admin.name());
      RoleAdministration.give(tx, admin, RoleRef.of(new RoleName("tenant_admin")), ANA);
    });
    Identity root =
        authenticated(
            tokens.forClient("admin", PASSWORD, Optional.of("PRINCIPAL_ROLE:viewer"), "x"));
    assertThat(root.superuser()).isFalse();
    assertThat(metastore.<Boolean>read(tx -> authenticator.stillValid(tx, root))).isTrue();
    assertThat(accessOf(root).superuser()).isFalse();
    assertThat(accessOf(root).administrator()).isFalse();
    assertThat(reads(root, secret)).isFalse();
    denied(tx -> UserAdministration.setSuperuser(tx, root, ANA, true));
    assertCode(
        ErrorCode.PRINCIPAL_NOT_FOUND, () -> write(tx -> UserAdministration.drop(tx, root, ANA)));
    denied(tx -> DatabaseGate.of(tx, root, ACME).require(DatabaseOperation.MIRROR, SALES));
    Identity reader = authenticated(credential(AS_READER));
    assertThat(accessOf(reader).administrator()).isFalse();
    denied(tx ->
        RoleAdministration.create(tx, reader, Optional.of(ACME), RoleRef.of(new RoleName("more"))));
    Identity chief = authenticated(credential(Optional.of("PRINCIPAL_ROLE:tenant_admin")));
    assertThat(accessOf(chief).administrator()).isTrue();
    write(tx ->
        RoleAdministration.create(tx, chief, Optional.of(ACME), RoleRef.of(new RoleName("more"))));
    NewPassword password = authenticator.newPassword(ANA, Secret.of("the thief's own"), "local");
    denied(tx -> UserAdministration.setPassword(tx, chief, ANA, password));
  }

  @Test
  void rolesOnDatabasesCountOnlyThroughTheRolesNamed() {
    GroupName staff = new GroupName("staff");
    write(tx -> {
      GroupAdministration.create(tx, admin, Optional.of(ACME), staff);
      GroupAdministration.addMember(tx, admin, Optional.of(ACME), staff, ANA);
      for (Grantee to : new Grantee[] {new Grantee.ToGroup(staff), new Grantee.ToUser(ANA)}) {
        DatabaseGrantAdministration.grant(tx, admin, ACME, DatabaseRole.OWNER, SALES, to);
      }
      DatabaseGrantAdministration.grant(
          tx, admin, ACME, DatabaseRole.READER, SALES, new Grantee.ToRole(WRITER));
    });
    assertThat(standings(ana)).contains(Standing.OWNER);
    assertThat(standings(authenticated(credential(AS_READER)))).isEmpty();
    assertThat(reads(authenticated(credential(AS_READER)), secret)).isFalse();
    Identity writer = authenticated(credential(Optional.of("PRINCIPAL_ROLE:writer")));
    assertThat(standings(writer)).containsExactly(Standing.READER);
    assertThat(reads(writer, secret)).isTrue();
  }

  @Test
  void whoNamesFewerRolesEscapesNoRowFilter() {
    write(tx ->
        PolicyAdministration.createRowFilter(
            tx, admin, space, orders.collection(), "few", Optional.of(WRITER), "id < 3"));
    Access narrow = accessOf(authenticated(credential(AS_READER)));
    assertThat(narrow.policies(orders.collection()).rowFilters()).hasSize(1);
    assertThat(narrow.context().hasRole("writer")).isTrue();
  }

  @Test
  void aNewSecretEndsTheTokensOfTheOldOneAndNoOthers() {
    AccessToken first = credential(ALL);
    AccessToken refreshed = exchange(first, AS_READER);
    AccessToken ofPassword = tokens.forClient("ana", PASSWORD, ALL, "x");
    Identity byCredential = authenticated(first);
    IssuedCredential rotated =
        metastore.write(tx -> CredentialAdministration.rotate(tx, byCredential, ANA));
    dead(first);
    dead(refreshed);
    authenticated(ofPassword);
    assertCode(ErrorCode.INVALID_PASSWORD, () -> credential(ALL));
    credential = rotated;
    AccessToken second = credential(ALL);
    write(tx -> CredentialAdministration.reset(tx, admin, ANA, true));
    dead(second);
  }

  @Test
  void aSecretThatMustBeRotatedIsGoodForNothingElse() {
    credential = metastore.write(tx -> CredentialAdministration.reset(tx, admin, ANA, true));
    Identity fresh = authenticated(exchange(credential(ALL), ALL));
    assertCode(ErrorCode.ACCESS_DENIED, () -> accessOf(fresh));
    denied(tx -> UserAdministration.get(tx, fresh, ANA));
    denied(tx -> CredentialAdministration.reset(tx, fresh, ANA, false));
    denied(tx -> CredentialAdministration.rotate(tx, fresh, admin.name()));
    assertCode(ErrorCode.INVALID_SCOPE, () -> exchange(credential(ALL), AS_READER));
    credential = metastore.write(tx -> CredentialAdministration.rotate(tx, fresh, ANA));
    assertThat(reads(authenticated(credential(ALL)), secret)).isTrue();
    assertThat(metastore.<Boolean>read(tx -> authenticator.stillValid(tx, fresh))).isFalse();
  }

  @Test
  void disablingOrDroppingTheUserEndsItsTokensAndItsCredential() {
    AccessToken first = credential(ALL);
    write(tx -> UserAdministration.setDisabled(tx, admin, ANA, true));
    dead(first);
    assertCode(ErrorCode.INVALID_PASSWORD, () -> credential(ALL));
    write(tx -> UserAdministration.setDisabled(tx, admin, ANA, false));
    dead(first);
    AccessToken second = credential(ALL);
    write(tx -> UserAdministration.drop(tx, admin, ANA));
    dead(second);
    assertCode(ErrorCode.INVALID_PASSWORD, () -> credential(ALL));
    user("ana", ACME);
    dead(second);
    assertCode(ErrorCode.INVALID_PASSWORD, () -> credential(ALL));
  }

  @Test
  void anExchangedTokenLivesAnewButNeverLongerThanThePersonalTokenBeforeIt() {
    AccessToken first = credential(ALL);
    clock.advance(Duration.ofMinutes(50));
    AccessToken second = exchange(first, ALL);
    clock.advance(Duration.ofMinutes(50));
    dead(first);
    authenticated(second);

    IssuedToken personal = personal(clock.instant().plus(Duration.ofMinutes(90)));
    AccessToken third = tokens.forClient("ana", personal.text(), ALL, "x");
    assertThat(third.lifetime()).isEqualTo(HOUR);
    clock.advance(Duration.ofMinutes(50));
    assertThat(exchange(third, ALL).lifetime()).isLessThanOrEqualTo(Duration.ofMinutes(40));
  }

  @Test
  void anExpiredTokenIsRenewedOnlyForItsClientWithItsSecret() {
    AccessToken first = credential(AS_READER);
    clock.advance(HOUR.plusSeconds(1));
    dead(first);
    AccessToken again = tokens.forToken(first.text(), client(), ALL, "x");
    assertThat(again.scope()).isEqualTo("PRINCIPAL_ROLE:reader");
    user("bob", ACME);
    IssuedCredential bobs =
        metastore.write(
            tx -> CredentialAdministration.create(tx, admin, new PrincipalName("bob"), false));
    assertCode(
        ErrorCode.AUTHENTICATION_FAILED,
        () ->
            tokens.forToken(
                again.text(),
                Optional.of(new AccessTokens.Client(bobs.clientId(), bobs.clientSecret())),
                ALL,
                "x"));
    tokens.revoke(again.text(), Optional.empty(), "x");
    assertCode(
        ErrorCode.AUTHENTICATION_FAILED, () -> tokens.forToken(again.text(), client(), ALL, "x"));
  }

  @Test
  void revokingATokenEndsWhatCameOfIt() {
    AccessToken first = credential(ALL);
    AccessToken second = exchange(first, ALL);
    AccessToken third = exchange(second, AS_READER);
    AccessToken beside = exchange(first, ALL);
    tokens.revoke(second.text(), Optional.empty(), "x");
    dead(second);
    dead(third);
    authenticated(first);
    authenticated(beside);
    tokens.revoke(Secret.of("polder_session_unknown"), Optional.empty(), "x");
    IssuedToken personal = personal(clock.instant().plus(HOUR));
    AccessToken ofPersonal = exchange(tokens.forClient("ana", personal.text(), ALL, "x"), ALL);
    assertCode(
        ErrorCode.INVALID_PARAMETER, () -> tokens.revoke(personal.text(), Optional.empty(), "x"));
    write(tx -> TokenAdministration.revoke(tx, ana, personal.id()));
    dead(ofPersonal);
  }

  @Test
  void theConfiguredKeyIsNotExchanged() {
    assertCode(
        ErrorCode.AUTHENTICATION_FAILED,
        () -> tokens.forToken(API_KEY, Optional.empty(), ALL, "x"));
  }

  @Test
  void guessingSecretsSlowsDown() {
    Secret wrong = Secret.of("polder_secret_" + "a".repeat(43));
    for (int i = 0; i < 5; i++) {
      assertCode(
          ErrorCode.INVALID_PASSWORD,
          () -> tokens.forClient(credential.clientId(), wrong, ALL, "there"));
    }
    assertCode(
        ErrorCode.TOO_MANY_FAILED_LOGINS,
        () -> tokens.forClient(credential.clientId(), credential.clientSecret(), ALL, "there"));
    credential(ALL);
  }

  private AccessToken credential(Optional<String> scope) {
    return tokens.forClient(credential.clientId(), credential.clientSecret(), scope, "x");
  }

  private Identity sessionOfPassword(Optional<String> scope) {
    return authenticated(tokens.forClient("ana", PASSWORD, scope, "x"));
  }

  private Optional<AccessTokens.Client> client() {
    return Optional.of(new AccessTokens.Client(credential.clientId(), credential.clientSecret()));
  }

  private AccessToken exchange(AccessToken subject, Optional<String> scope) {
    return tokens.forToken(subject.text(), Optional.empty(), scope, "x");
  }

  private Identity authenticated(AccessToken token) {
    return authenticator.token(token.text());
  }

  private void dead(AccessToken token) {
    assertCode(ErrorCode.AUTHENTICATION_FAILED, () -> authenticated(token));
    assertCode(ErrorCode.AUTHENTICATION_FAILED, () -> exchange(token, ALL));
  }

  private IssuedToken personal(java.time.Instant end) {
    return metastore.write(
        tx -> TokenAdministration.issue(tx, ana, ANA, TokenKind.PERSONAL, "t", Optional.of(end)));
  }

  private Set<Standing> standings(Identity identity) {
    return metastore.read(tx -> DatabaseGate.of(tx, identity, ACME).standings(space.database()));
  }

  private String personalRole() {
    return metastore.read(tx -> tx.roles().findPersonal(ana.id())).orElseThrow().name().value();
  }

  private boolean reads(Identity identity, Securable.Collection table) {
    return accessOf(identity)
        .onCollection(Privilege.SELECT, main, table.collection(), "t")
        .allowed();
  }

  private void select(
      dev.polder.metastore.MetastoreTransaction tx, Securable.Collection table, Grantee to) {
    GrantAdministration.grant(tx, admin, Set.of(Privilege.SELECT), table, to, "t");
  }

  private void denied(java.util.function.Consumer<dev.polder.metastore.MetastoreTransaction> work) {
    assertCode(ErrorCode.ACCESS_DENIED, () -> write(work));
  }
}
