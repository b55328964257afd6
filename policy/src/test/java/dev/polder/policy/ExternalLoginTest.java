package dev.polder.policy;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
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
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExternalLoginTest extends PolicyFixture {
  private static final PrincipalName ANA = new PrincipalName("ana");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final IdentityProvider.Claims PLAIN = claims(null, null, null, null, null);

  private TestIssuer issuer;
  private Identity ana;

  @BeforeEach
  void issuer() {
    issuer = new TestIssuer(clock);
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
    assertThat(issuer.asked()).isLessThanOrEqualTo(2);
  }

  static Stream<JWK> accepted() throws JOSEException {
    Stream.Builder<JWK> keys = Stream.builder();
    for (JWSAlgorithm algorithm : JWSAlgorithm.Family.RSA) {
      keys.add(
          new RSAKeyGenerator(2048).keyID(algorithm.getName()).algorithm(algorithm).generate());
    }
    Map<JWSAlgorithm, Curve> curves =
        Map.of(
            JWSAlgorithm.ES256, Curve.P_256,
            JWSAlgorithm.ES384, Curve.P_384,
            JWSAlgorithm.ES512, Curve.P_521);
    for (Map.Entry<JWSAlgorithm, Curve> curve : curves.entrySet()) {
      String id = curve.getKey().getName();
      keys.add(new ECKeyGenerator(curve.getValue()).keyID(id).algorithm(curve.getKey()).generate());
    }
    for (JWSAlgorithm algorithm : new JWSAlgorithm[] {JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519}) {
      keys.add(
          new OctetKeyPairGenerator(Curve.Ed25519)
              .keyID(algorithm.getName())
              .algorithm(algorithm)
              .generate());
    }
    return keys.build();
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void eachAsymmetricSignatureWillDo(JWK key) throws JOSEException {
    issuer.use(key);
    assertThat(authenticator.token(issuer.sign(told("ana").build())).id()).isEqualTo(ana.id());
    String other = TestIssuer.sign(told("gus").build(), key).reveal();
    String right = issuer.sign(told("ana").build()).reveal();
    refused(
        Secret.of(
            right.substring(0, right.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'))));
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
    refused(issuer.sign(told("ana").issuer(issuer.url() + "\u0000").build()));
    refused(issuer.sign(told("ana").issuer("\ud800").build()));
    refused(issuer.sign(told("ana").issuer("x".repeat(5_000)).build()));
    String right = issuer.sign(told("ana").build()).reveal();
    refused(Secret.of(right.substring(0, right.lastIndexOf('.') + 1)));
    refused(Secret.of(right.substring(0, right.length() - 8) + "AAAAAAAA"));
    refused(Secret.of("e30.e30.e30"));
  }

  @Test
  void aKeyThatTheTokenItselfBringsOrNamesCountsForNothing() throws JOSEException {
    RSAKey own = TestIssuer.rsa("first");
    JWTClaimsSet says = told("ana").build();
    JWSHeader.Builder plain = new JWSHeader.Builder(JWSAlgorithm.RS256);
    for (JWSHeader header :
        List.of(
            plain.jwk(own.toPublicJWK()).build(),
            plain.jwkURL(URI.create(issuer.url("second") + "/jwks")).build(),
            plain.keyID("first").build(),
            plain.keyID("../second/jwks").build())) {
      refused(TestIssuer.sign(header, says, TestIssuer.signer(own)));
    }
    JWK right = issuer.key("first");
    refused(
        TestIssuer.sign(
            TestIssuer.header(right).criticalParams(Set.of("unheard-of")).build(),
            says,
            TestIssuer.signer(right)));
  }

  @Test
  void aSignatureOfNothingButZerosIsNone() throws JOSEException {
    issuer.use(new ECKeyGenerator(Curve.P_256).keyID("curve").algorithm(ES256).generate());
    String token = issuer.sign(told("ana").build()).reveal();
    refused(Secret.of(token.substring(0, token.lastIndexOf('.') + 1) + "A".repeat(86)));
  }

  @Test
  void anIssuersKeyCountsForItsOwnTokensAlone() throws JOSEException {
    user("gus", GLOBEX);
    trust(GLOBEX, issuer.url("second"), List.of("polder"), PLAIN, false, LoginMode.MIXED);
    JWK second = issuer.key("second");
    JWTClaimsSet gus = told("gus").issuer(issuer.url("second")).build();
    assertThat(authenticator.token(TestIssuer.sign(gus, second)).tenant()).contains(GLOBEX);
    refused(TestIssuer.sign(told("ana").build(), second));
    refused(TestIssuer.sign(told("ana").issuer(issuer.url("second")).build(), second));
    refused(issuer.sign(gus));
  }

  @Test
  void absurdClaimsAreNoFailureOfTheServer() throws JOSEException {
    Identity late =
        authenticator.token(
            issuer.sign(
                told("ana")
                    .expirationTime(Date.from(Instant.ofEpochMilli(Long.MAX_VALUE / 2)))
                    .build()));
    assertThat(metastore.<Boolean>read(tx -> authenticator.stillValidInRead(tx, late))).isTrue();
    Object deep = "bottom";
    for (int i = 0; i < 1_000; i++) {
      deep = List.of(deep);
    }
    refused(issuer.sign(told("ana").claim("deep", deep).build()));
    refused(
        issuer.sign(
            told("ana")
                .expirationTime(Date.from(Instant.ofEpochMilli(Long.MIN_VALUE / 2)))
                .build()));
    refused(issuer.sign(told("ana").claim("exp", "soon").build()));
    refused(issuer.sign(told("ana").claim("aud", Map.of("polder", "polder")).build()));
    refused(issuer.sign(told(null).claim("preferred_username", List.of("ana")).build()));
    refused(issuer.sign(told("x".repeat(12_000)).build()));
    Assertions.assertThatThrownBy(
            () -> authenticator.token(issuer.sign(told("x\r\nadmin logged in").build())))
        .hasMessageContaining("'x??admin logged in'");
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
    int before = issuer.asked();
    for (int i = 0; i < 4; i++) {
      refused(TestIssuer.sign(told("ana").build(), TestIssuer.rsa("made-up-" + i)));
    }
    assertThat(issuer.asked() - before).isLessThanOrEqualTo(2);
    authenticator.token(issuer.sign(told("ana").build()));
  }

  @Test
  void aKeyTakenBackEndsWithTheNextOneOrWithNewSettings() throws JOSEException {
    Secret first = issuer.sign(told("ana").build());
    authenticator.token(first);
    issuer.rotate("second");
    authenticator.token(first);
    Secret second = issuer.sign(told("ana").build());
    authenticator.token(second);
    refused(first);
    issuer.rotate("third");
    authenticator.token(second);
    trust(ACME, List.of("polder"), PLAIN, false, LoginMode.MIXED);
    refused(second);
    authenticator.token(issuer.sign(told("ana").build()));
  }

  @Test
  void anIssuerThatCannotBeAskedIsAnotherFailureThanABadToken() throws JOSEException {
    issuer.answerNext("{}");
    Secret token = issuer.sign(told("ana").build());
    assertCode(ErrorCode.IDENTITY_PROVIDER_UNAVAILABLE, () -> authenticator.token(token));
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
    PrincipalName key = new PrincipalName("api-key");
    write(tx -> tx.principals().delete(tx.principals().get(key).id()));
    refused(issuer.sign(told("api-key").build()));
    assertThat(metastore.<Boolean>read(tx -> tx.principals().find(key).isPresent())).isFalse();
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
    trust(
        ACME,
        List.of("polder"),
        claims(null, "realm/roles", "polder_(x|r|reader)", "$1", null),
        false,
        LoginMode.MIXED);
    assertThat(reads(authenticator.token(issuer.sign(says)), orders)).isTrue();
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
    trust(tenant, issuer.url(), audiences, claims, provision, mode);
  }

  private void trust(
      TenantId tenant,
      String from,
      List<String> audiences,
      IdentityProvider.Claims claims,
      boolean provision,
      LoginMode mode) {
    write(tx ->
        IdentityProviderAdministration.create(
            tx,
            admin,
            new IdentityProvider(tenant, from, audiences, claims, provision, mode, 0),
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
