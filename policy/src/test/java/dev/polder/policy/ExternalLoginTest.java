package dev.polder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.polder.metastore.access.IdentityProvider;
import dev.polder.metastore.access.LoginMode;
import dev.polder.metastore.access.TokenKind;
import dev.polder.model.ErrorCode;
import dev.polder.model.PrincipalName;
import dev.polder.model.Privilege;
import dev.polder.model.RoleName;
import dev.polder.model.RoleRef;
import dev.polder.model.Secret;
import dev.polder.model.Securable;
import dev.polder.model.TenantId;
import dev.polder.policy.admin.CredentialAdministration;
import dev.polder.policy.admin.GrantAdministration;
import dev.polder.policy.admin.Grantee;
import dev.polder.policy.admin.IdentityProviderAdministration;
import dev.polder.policy.admin.RoleAdministration;
import dev.polder.policy.admin.TokenAdministration;
import dev.polder.policy.admin.UserAdministration;
import java.io.IOException;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExternalLoginTest extends PolicyFixture {
  private static final PrincipalName ANA = new PrincipalName("ana");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final IdentityProvider.Claims PLAIN = claims(null, null, null, null, null);

  private TestIssuer issuer;
  private Identity ana;

  @BeforeEach
  void issuer() throws IOException, JOSEException {
    issuer = new TestIssuer();
    ana = user("ana", ACME);
    trust(ACME, List.of("polder"), PLAIN, false, LoginMode.MIXED);
  }

  @AfterEach
  void stop() {
    issuer.close();
  }

  @Test
  void theProvidersTokenTellsWhoSomebodyIs() throws JOSEException {
    Identity found = authenticator.token(issuer.sign(told("ana").build()));
    assertThat(found.id()).isEqualTo(ana.id());
    assertThat(metastore.<Boolean>read(tx -> authenticator.stillValid(tx, found))).isTrue();
    assertThat(authenticator.token(issuer.sign(told(null).subject("ana").build())).id())
        .isEqualTo(ana.id());
    assertThat(authenticator.token(issuer.signAs("at+jwt", told("ana").build())).id())
        .isEqualTo(ana.id());
    // Keys are not asked for each time.
    assertThat(issuer.asked.get()).isLessThanOrEqualTo(2);
  }

  @Test
  void ellipticCurvesWillDoToo() throws JOSEException {
    issuer.useEllipticCurve();
    assertThat(authenticator.token(issuer.sign(told("ana").build())).id()).isEqualTo(ana.id());
  }

  @Test
  void tokensThatAreNotTheProvidersOrNotForThisServerAreRefused() throws JOSEException {
    Date soon = Date.from(clock.instant().plusSeconds(300));
    refused(issuer.sign(told("ana").audience("somebody else").build()));
    refused(issuer.sign(told("ana").audience((String) null).build()));
    refused(issuer.sign(told("ana").issuer(issuer.url() + "/").build()));
    refused(issuer.sign(told("ana").issuer("https://elsewhere.example").build()));
    refused(issuer.sign(told("ana").issuer(null).build()));
    refused(issuer.sign(told("ana").expirationTime(null).build()));
    refused(issuer.sign(told("ana").notBeforeTime(soon).build()));
    refused(issuer.sign(told("ana").issueTime(soon).build()));
    refused(TestIssuer.sign(told("ana").build(), TestIssuer.rsa("first")));
    refused(TestIssuer.unsigned(told("ana").build()));
    refused(issuer.signWithPublicKey(told("ana").build()));
    refused(issuer.signAs("logout+jwt", told("ana").build()));
    String right = issuer.sign(told("ana").build()).reveal();
    refused(Secret.of(right.substring(0, right.lastIndexOf('.') + 1)));
    refused(Secret.of(right.substring(0, right.length() - 8) + "AAAAAAAA"));
    refused(Secret.of("e30.e30.e30"));
  }

  @Test
  void anExpiredTokenEndsAfterAMinutesGraceAndItsSessionsWithIt() throws JOSEException {
    Secret token = issuer.sign(told("ana").build());
    Identity found = authenticator.token(token);
    clock.advance(HOUR.plusSeconds(59));
    authenticator.token(token);
    clock.advance(Duration.ofSeconds(2));
    refused(token);
    assertThat(metastore.<Boolean>read(tx -> authenticator.stillValid(tx, found))).isFalse();
  }

  @Test
  void aNewKeyIsFoundAtItsFirstUseAndUnknownOnesDoNotFloodTheProvider() throws JOSEException {
    authenticator.token(issuer.sign(told("ana").build()));
    issuer.rotate("second");
    authenticator.token(issuer.sign(told("ana").build()));
    int before = issuer.asked.get();
    for (int i = 0; i < 20; i++) {
      refused(TestIssuer.sign(told("ana").build(), TestIssuer.rsa("made-up-" + i)));
      i += 4;
    }
    assertThat(issuer.asked.get() - before).isLessThanOrEqualTo(2);
    authenticator.token(issuer.sign(told("ana").build()));
  }

  @Test
  void aConfigurationOfAnotherIssuerIsNotBelieved() throws JOSEException {
    issuer.configuration(
        "{\"issuer\":\"https://elsewhere.example\",\"jwks_uri\":\"" + issuer.url() + "/keys\"}");
    assertCode(
        ErrorCode.IDENTITY_PROVIDER_UNAVAILABLE,
        () -> authenticator.token(issuer.sign(told("ana").build())));
  }

  @Test
  void itReachesNobodyOfAnotherTenantAndNoAdministrator() throws JOSEException {
    user("gus", GLOBEX);
    for (String name : new String[] {"gus", "admin", "api-key", "nobody", "no name\u0000"}) {
      refused(issuer.sign(told(name).build()));
    }
    write(tx -> UserAdministration.setDisabled(tx, admin, ANA, true));
    refused(issuer.sign(told("ana").build()));
  }

  @Test
  void unknownUsersAreMadeOnlyWhereThatIsAskedFor() throws JOSEException {
    refused(issuer.sign(told("new").build()));
    trust(ACME, List.of("polder"), PLAIN, true, LoginMode.MIXED);
    Identity made = authenticator.token(issuer.sign(told("new").build()));
    assertThat(made.tenant()).contains(ACME);
    assertCode(
        ErrorCode.INVALID_PASSWORD, () -> authenticator.password("new", Secret.of("anything")));
    refused(issuer.sign(told("admin").build()));
  }

  @Test
  void ofTwoTenantsWithOneIssuerTheTokenMustSayForWhichItIs() throws JOSEException {
    user("gus", GLOBEX);
    trust(GLOBEX, List.of("polder"), PLAIN, false, LoginMode.MIXED);
    refused(issuer.sign(told("ana").build()));
    trust(GLOBEX, List.of("globex"), PLAIN, false, LoginMode.MIXED);
    authenticator.token(issuer.sign(told("ana").build()));
    authenticator.token(issuer.sign(told("gus").audience("globex").build()));
    refused(issuer.sign(told("gus").build()));
    IdentityProvider.Claims byClaim = claims(null, null, null, null, "org/id");
    trust(ACME, List.of("polder"), byClaim, false, LoginMode.MIXED);
    refused(issuer.sign(told("ana").build()));
    refused(issuer.sign(told("ana").claim("org", Map.of("id", "globex")).build()));
    authenticator.token(issuer.sign(told("ana").claim("org", Map.of("id", "acme")).build()));
  }

  @Test
  void rolesOfTheTokenAreTheRolesInEffect() throws JOSEException {
    Securable.Collection orders = table("orders");
    Securable.Collection secret = table("secret");
    write(tx -> {
      for (String role : new String[] {"reader", "writer"}) {
        RoleAdministration.create(tx, admin, Optional.of(ACME), RoleRef.of(new RoleName(role)));
      }
      RoleAdministration.give(tx, admin, RoleRef.of(new RoleName("writer")), ANA);
      RoleAdministration.give(tx, admin, RoleRef.of(new RoleName("tenant_admin")), ANA);
      for (Grantee to :
          new Grantee[] {
            new Grantee.ToRole(RoleRef.of(new RoleName("writer"))), new Grantee.ToUser(ANA)
          }) {
        GrantAdministration.grant(tx, admin, Set.of(Privilege.SELECT), secret, to, "secret");
      }
      GrantAdministration.grant(
          tx,
          admin,
          Set.of(Privilege.SELECT),
          orders,
          new Grantee.ToRole(RoleRef.of(new RoleName("reader"))),
          "orders");
    });
    trust(
        ACME,
        List.of("polder"),
        claims(null, "realm/roles", "polder_(.*)", "$1", null),
        false,
        LoginMode.MIXED);
    JWTClaimsSet says =
        told("ana")
            .claim(
                "realm",
                Map.of("roles", List.of("polder_reader", "polder_tenant_admin", "writer", "x")))
            .build();
    Identity found = authenticator.token(issuer.sign(says));
    assertThat(reads(found, orders)).isTrue();
    assertThat(reads(found, secret)).isFalse();
    assertThat(accessOf(found).administrator()).isFalse();
    assertThat(accessOf(found).context().roles()).containsExactly("reader");
    Identity without = authenticator.token(issuer.sign(told("ana").build()));
    assertThat(accessOf(without).mayBind()).isFalse();
    AccessToken own = exchange(issuer.sign(says));
    assertThat(own.scope()).isEqualTo("PRINCIPAL_ROLE:reader");
    assertThat(reads(authenticator.token(own.text()), orders)).isTrue();
    assertThat(reads(authenticator.token(own.text()), secret)).isFalse();
  }

  @Test
  void whereTheProviderAloneLogsInNothingElseDoes() throws JOSEException {
    AccessTokens tokens = new AccessTokens(metastore, authenticator, HOUR);
    IssuedCredential credential =
        metastore.write(tx -> CredentialAdministration.create(tx, admin, ANA, false));
    IssuedToken personal =
        metastore.write(tx ->
            TokenAdministration.issue(tx, ana, ANA, TokenKind.PERSONAL, "t", Optional.empty()));
    IssuedToken session = authenticator.login(ana, HOUR);
    Identity inSession = authenticator.token(session.text());
    trust(ACME, List.of("polder"), PLAIN, false, LoginMode.EXTERNAL);
    elsewhere(() -> authenticator.password("ana", PASSWORD));
    elsewhere(() -> authenticator.token(personal.text()));
    elsewhere(() -> authenticator.token(session.text()));
    elsewhere(() -> authenticator.password("ana", personal.text()));
    elsewhere(() ->
        tokens.forClient(credential.clientId(), credential.clientSecret(), Optional.empty(), "x"));
    assertThat(metastore.<Boolean>read(tx -> authenticator.stillValid(tx, inSession))).isFalse();
    assertThat(metastore.<Boolean>read(tx -> authenticator.stillValid(tx, ana))).isFalse();
    // Who does not know the password learns nothing of where she logs in.
    assertCode(
        ErrorCode.INVALID_PASSWORD, () -> authenticator.password("ana", Secret.of("a guess")));
    AccessToken own = exchange(issuer.sign(told("ana").build()));
    assertThat(authenticator.token(own.text()).id()).isEqualTo(ana.id());
    authenticator.password("admin", PASSWORD);
    trust(ACME, List.of("polder"), PLAIN, false, LoginMode.INTERNAL);
    refused(issuer.sign(told("ana").build()));
    authenticator.password("ana", PASSWORD);
  }

  @Test
  void whatComesOfAProvidersTokenEndsWithItAndWithTheProvider() throws JOSEException {
    AccessToken own = exchange(issuer.sign(told("ana").build()));
    clock.advance(Duration.ofMinutes(50));
    AccessToken next = exchange(own.text());
    assertThat(next.lifetime()).isLessThanOrEqualTo(Duration.ofMinutes(11));
    Identity direct = authenticator.token(issuer.sign(told("ana").build()));
    trust(ACME, List.of("polder"), PLAIN, false, LoginMode.MIXED);
    refused(next.text());
    assertThat(metastore.<Boolean>read(tx -> authenticator.stillValid(tx, direct))).isFalse();
    AccessToken last = exchange(issuer.sign(told("ana").build()));
    write(tx -> IdentityProviderAdministration.drop(tx, admin, ACME));
    refused(last.text());
    refused(issuer.sign(told("ana").build()));
  }

  @Test
  void whoCameThroughTheProviderMakesNothingThatOutlivesIt() throws JOSEException {
    Identity found = authenticator.token(issuer.sign(told("ana").build()));
    Identity inSession = authenticator.token(exchange(issuer.sign(told("ana").build())).text());
    NewPassword password = authenticator.newPassword(ANA, Secret.of("the thief's own"), "local");
    for (Identity thief : new Identity[] {found, inSession}) {
      assertCode(
          ErrorCode.ACCESS_DENIED,
          () -> write(tx -> UserAdministration.setPassword(tx, thief, ANA, password)));
      assertCode(
          ErrorCode.ACCESS_DENIED,
          () -> write(tx -> CredentialAdministration.create(tx, thief, ANA, false)));
      assertCode(
          ErrorCode.ACCESS_DENIED,
          () ->
              write(tx ->
                  TokenAdministration.issue(
                      tx, thief, ANA, TokenKind.PERSONAL, "t", Optional.empty())));
    }
  }

  @Test
  void onlySuperusersSayWhomTenantsTrust() {
    Identity chief = tenantAdmin("eve", ACME);
    assertCode(
        ErrorCode.ACCESS_DENIED,
        () -> write(tx -> IdentityProviderAdministration.drop(tx, chief, ACME)));
    IdentityProvider provider =
        metastore.read(tx -> tx.identityProviders().find(ACME)).orElseThrow();
    assertCode(
        ErrorCode.ACCESS_DENIED,
        () -> write(tx -> IdentityProviderAdministration.create(tx, chief, provider, true)));
    assertCode(
        ErrorCode.IDENTITY_PROVIDER_EXISTS,
        () -> write(tx -> IdentityProviderAdministration.create(tx, admin, provider, false)));
    for (String url :
        new String[] {
          "http://id.example", "ftp://id.example", "https://", "id", "https://u@id", "https://a?b"
        }) {
      assertCode(ErrorCode.INVALID_PARAMETER, () -> authenticator.requireIssuer(url));
    }
    authenticator.requireIssuer("https://id.example/realms/acme");
    authenticator.requireIssuer("http://127.0.0.1:8080/realms/acme");
  }

  private void trust(
      TenantId tenant,
      List<String> audiences,
      IdentityProvider.Claims claims,
      boolean provision,
      LoginMode mode) {
    write(tx ->
        IdentityProviderAdministration.create(
            tx,
            admin,
            new IdentityProvider(tenant, issuer.url(), audiences, claims, provision, mode, 0),
            true));
  }

  private static IdentityProvider.Claims claims(
      @org.jspecify.annotations.Nullable String principal,
      @org.jspecify.annotations.Nullable String roles,
      @org.jspecify.annotations.Nullable String pattern,
      @org.jspecify.annotations.Nullable String name,
      @org.jspecify.annotations.Nullable String tenant) {
    return new IdentityProvider.Claims(
        Optional.ofNullable(principal),
        Optional.ofNullable(roles),
        Optional.ofNullable(pattern),
        Optional.ofNullable(name),
        Optional.ofNullable(tenant),
        "acme");
  }

  private JWTClaimsSet.Builder told(@org.jspecify.annotations.Nullable String name) {
    JWTClaimsSet.Builder claims =
        new JWTClaimsSet.Builder()
            .issuer(issuer.url())
            .subject("no principal's name")
            .audience("polder")
            .issueTime(Date.from(clock.instant()))
            .expirationTime(Date.from(clock.instant().plus(HOUR)));
    return name == null ? claims : claims.claim("preferred_username", name);
  }

  private AccessToken exchange(Secret subject) {
    return new AccessTokens(metastore, authenticator, Duration.ofHours(8))
        .forToken(subject, Optional.empty(), Optional.empty(), "x");
  }

  private void refused(Secret token) {
    assertCode(ErrorCode.AUTHENTICATION_FAILED, () -> authenticator.token(token));
  }

  private static void elsewhere(org.assertj.core.api.ThrowableAssert.ThrowingCallable login) {
    assertCode(ErrorCode.EXTERNAL_LOGIN_REQUIRED, login);
  }

  private boolean reads(Identity identity, Securable.Collection table) {
    return accessOf(identity)
        .onCollection(Privilege.SELECT, main, table.collection(), "t")
        .allowed();
  }
}
