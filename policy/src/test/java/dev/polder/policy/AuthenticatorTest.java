package dev.polder.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.polder.metastore.Metastore;
import dev.polder.metastore.access.TokenKind;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.PrincipalName;
import dev.polder.model.Secret;
import dev.polder.policy.admin.TokenAdministration;
import dev.polder.policy.admin.UserAdministration;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthenticatorTest extends PolicyFixture {
  private static final PrincipalName ANA = new PrincipalName("ana");

  @Test
  void everyFailedLoginGivesTheSameAnswer() {
    user("ana", ACME);
    user("off", ACME);
    write(tx -> UserAdministration.setDisabled(tx, admin, new PrincipalName("off"), true));
    String wrong = refusal("ana", Secret.of("not her password"));
    assertThat(refusal("nobody", PASSWORD)).isEqualTo(wrong);
    assertThat(refusal("off", PASSWORD)).isEqualTo(wrong);
    assertThat(refusal("api-key", PASSWORD)).isEqualTo(wrong);
    assertThat(refusal("no name at all ✗", PASSWORD)).isEqualTo(wrong);
    assertThat(refusal("ana", Secret.of("x".repeat(5000)))).isEqualTo(wrong);
  }

  @Test
  void aChangedPasswordHoldsForTheNextRequest() {
    Identity ana = user("ana", ACME);
    IssuedToken session = authenticator.login(ana, Duration.ofHours(1));
    NewPassword changed = authenticator.newPassword(ANA, Secret.of("another password"), "local");
    write(tx -> UserAdministration.setPassword(tx, ana, ANA, changed));
    refusal("ana", PASSWORD);
    assertThat(authenticator.password("ana", Secret.of("another password")).name()).isEqualTo(ANA);
    assertCode(ErrorCode.AUTHENTICATION_FAILED, () -> authenticator.token(session.text()));
  }

  @Test
  void aPasswordThatIsTooShortOrTheUsersNameIsRefused() {
    assertCode(
        ErrorCode.INVALID_PARAMETER,
        () -> authenticator.newPassword(ANA, Secret.of("short"), "local"));
    assertCode(
        ErrorCode.INVALID_PARAMETER,
        () ->
            authenticator.newPassword(
                new PrincipalName("anastasia"), Secret.of("Anastasia"), "local"));
  }

  @Test
  void guessingSlowsDownOnlyTheGuesser() {
    user("ana", ACME);
    for (int i = 0; i < 5; i++) {
      String guess = "guess number " + i;
      assertCode(
          ErrorCode.INVALID_PASSWORD,
          () -> authenticator.password("ana", Secret.of(guess), "10.0.0.66"));
    }
    assertCode(
        ErrorCode.TOO_MANY_FAILED_LOGINS,
        () -> authenticator.password("ana", PASSWORD, "10.0.0.66"));
    assertThat(authenticator.password("ana", PASSWORD, "10.0.0.1").name()).isEqualTo(ANA);
    clock.advance(Duration.ofSeconds(3));
    assertThat(authenticator.password("ana", PASSWORD, "10.0.0.66").name()).isEqualTo(ANA);
  }

  @Test
  void namesLongerThanAnybodysAreThrottledByTheirBeginning() {
    String name = "x".repeat(100_000);
    for (int i = 0; i < 5; i++) {
      String other = name + i;
      assertCode(
          ErrorCode.INVALID_PASSWORD, () -> authenticator.password(other, PASSWORD, "10.0.0.67"));
    }
    assertCode(
        ErrorCode.TOO_MANY_FAILED_LOGINS,
        () -> authenticator.password(name + "more", PASSWORD, "10.0.0.67"));
  }

  @Test
  void aSessionTokenWorksUntilItExpires() {
    Identity ana = user("ana", ACME);
    IssuedToken session = authenticator.login(ana, Duration.ofMinutes(10));
    Identity back = authenticator.token(session.text());
    assertThat(back.id()).isEqualTo(ana.id());
    assertThat(back.token()).contains(session.id());
    clock.advance(Duration.ofMinutes(11));
    assertCode(ErrorCode.AUTHENTICATION_FAILED, () -> authenticator.token(session.text()));
    assertThat(metastore.<Boolean>read(tx -> authenticator.stillValid(tx, back))).isFalse();
    assertThat(metastore.<Boolean>read(tx -> authenticator.stillValid(tx, ana))).isTrue();
  }

  @Test
  void loggingOutEndsTheSession() {
    IssuedToken session = authenticator.login(user("ana", ACME), Duration.ofMinutes(10));
    authenticator.logout(authenticator.token(session.text()));
    assertCode(ErrorCode.AUTHENTICATION_FAILED, () -> authenticator.token(session.text()));
  }

  @Test
  void aRevokedTokenTakesTheSessionsMadeWithItAlong() {
    Identity ana = user("ana", ACME);
    IssuedToken personal = issue(ana, TokenKind.PERSONAL);
    assertThat(personal.text().reveal()).matches("polder_pat_[0-9A-Za-z]{40}");
    Identity byToken = authenticator.password("ana", personal.text());
    assertThat(byToken.token()).contains(personal.id());
    IssuedToken session = authenticator.login(byToken, Duration.ofHours(1));
    Identity inSession = authenticator.token(session.text());

    write(tx -> TokenAdministration.revoke(tx, ana, personal.id()));

    assertCode(ErrorCode.AUTHENTICATION_FAILED, () -> authenticator.token(personal.text()));
    assertCode(ErrorCode.AUTHENTICATION_FAILED, () -> authenticator.token(session.text()));
    refusal("ana", personal.text());
    assertThat(metastore.<Boolean>read(tx -> authenticator.stillValid(tx, inSession))).isFalse();
  }

  @Test
  void aTokenIsNoPasswordOfAnotherUser() {
    IssuedToken personal = issue(user("ana", ACME), TokenKind.PERSONAL);
    user("bob", ACME);
    refusal("bob", personal.text());
  }

  @Test
  void whoCameWithATokenCannotTakeTheAccountOver() {
    Identity ana = user("ana", ACME);
    Identity byToken = authenticator.token(issue(ana, TokenKind.PERSONAL).text());
    Identity inSession =
        authenticator.token(authenticator.login(byToken, Duration.ofHours(1)).text());
    NewPassword password = authenticator.newPassword(ANA, Secret.of("the thief's own"), "local");
    for (Identity thief : new Identity[] {byToken, inSession}) {
      assertCode(
          ErrorCode.ACCESS_DENIED,
          () -> write(tx -> UserAdministration.setPassword(tx, thief, ANA, password)));
      assertCode(ErrorCode.ACCESS_DENIED, () -> issue(thief, TokenKind.PERSONAL));
    }
    Identity loggedIn = authenticator.token(authenticator.login(ana, Duration.ofHours(1)).text());
    write(tx -> UserAdministration.setPassword(tx, loggedIn, ANA, password));
  }

  @Test
  void sessionsOfADisabledUserEndOnEveryServer() {
    Identity ana = user("ana", ACME);
    Identity byToken = authenticator.token(issue(ana, TokenKind.API_KEY).text());
    assertThat(metastore.<Boolean>read(tx -> authenticator.stillValid(tx, byToken))).isTrue();
    write(tx -> UserAdministration.setDisabled(tx, admin, ANA, true));
    assertThat(metastore.<Boolean>read(tx -> authenticator.stillValid(tx, ana))).isFalse();
    assertThat(metastore.<Boolean>read(tx -> authenticator.stillValid(tx, byToken))).isFalse();
    assertCode(
        ErrorCode.AUTHENTICATION_FAILED, () -> authenticator.login(ana, Duration.ofHours(1)));
    if (store == Store.POSTGRES) {
      try (Metastore other = store.open(place, clock)) {
        assertThat(other.<Boolean>read(tx -> authenticator.stillValid(tx, ana))).isFalse();
      }
    }
  }

  @Test
  void onlyFingerprintsOfTokensAndHashesOfPasswordsAreStored() throws Exception {
    Identity ana = user("ana", ACME);
    IssuedToken personal = issue(ana, TokenKind.PERSONAL);
    assertThat(stored("SELECT hash FROM token"))
        .matches("[0-9a-f]{64}\\s")
        .doesNotContain("polder");
    assertThat(stored("SELECT id, name, kind, hash FROM token"))
        .doesNotContain(personal.text().reveal());
    assertThat(stored("SELECT password_hash FROM principal WHERE name = 'ana'"))
        .startsWith("$argon2id$v=19$");
    assertThat(stored("SELECT detail FROM audit"))
        .doesNotContain(personal.text().reveal())
        .doesNotContain("$argon2id$");
  }

  @Test
  void theConfiguredKeyActsAsASuperuserOfItsOwnName() {
    Identity identity = authenticator.token(API_KEY);
    assertThat(identity.superuser()).isTrue();
    assertThat(identity.name()).hasToString("api-key");
    assertCode(
        ErrorCode.AUTHENTICATION_FAILED,
        () -> authenticator.token(Secret.of("some other long key")));
    assertCode(
        ErrorCode.INVALID_CONFIGURATION,
        () -> AuthenticatorOptions.standard(Optional.of(Secret.of("short"))));
  }

  @Test
  void aConfiguredPasswordWinsAndARandomOneIsShownOnce() {
    assertThat(authenticator.ensureAdministrator(Optional.empty())).isEmpty();
    assertThat(authenticator.password("admin", PASSWORD).superuser()).isTrue();
    authenticator.ensureAdministrator(Optional.of(Secret.of("changed in the file")));
    refusal("admin", PASSWORD);
    assertThat(authenticator.password("admin", Secret.of("changed in the file")).superuser())
        .isTrue();
    try (Metastore fresh = store.open(store.place(directory.resolve("fresh")), clock);
        AuditLog log = new AuditLog(fresh);
        Authenticator first =
            new Authenticator(
                fresh,
                log,
                new AuthenticatorOptions(CHEAP, Optional.empty(), Duration.ofMinutes(1)),
                clock)) {
      Secret random = first.ensureAdministrator(Optional.empty()).orElseThrow();
      assertThat(random.reveal()).hasSize(24);
      assertThat(first.password("admin", random).superuser()).isTrue();
      assertThat(first.ensureAdministrator(Optional.empty())).isEmpty();
    }
  }

  private IssuedToken issue(Identity user, TokenKind kind) {
    return metastore.write(
        tx -> TokenAdministration.issue(tx, user, user.name(), kind, "tool", Optional.empty()));
  }

  private String refusal(String name, Secret password) {
    PolderException refused =
        catchThrowableOfType(PolderException.class, () -> authenticator.password(name, password));
    assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_PASSWORD);
    return refused.getMessage();
  }

  private String stored(String sql) throws Exception {
    StringBuilder all = new StringBuilder();
    try (Connection connection = store.connect(place);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          all.append(rows.getString(i)).append('\n');
        }
      }
    }
    return all.toString();
  }
}
