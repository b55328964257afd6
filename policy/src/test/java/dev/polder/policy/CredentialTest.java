package dev.polder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.access.TokenKind;
import dev.polder.model.ErrorCode;
import dev.polder.model.PrincipalName;
import dev.polder.policy.admin.CredentialAdministration;
import dev.polder.policy.admin.TokenAdministration;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CredentialTest extends PolicyFixture {
  private static final PrincipalName ANA = new PrincipalName("ana");

  @Test
  void aUserHasOneCredentialWhoseIdStaysAndWhoseSecretsAreNeverTheSame() {
    Identity ana = user("ana", ACME);
    IssuedCredential first =
        metastore.write(tx -> CredentialAdministration.create(tx, ana, ANA, false));
    assertCode(
        ErrorCode.CREDENTIAL_EXISTS,
        () -> write(tx -> CredentialAdministration.create(tx, admin, ANA, false)));
    IssuedCredential second = metastore.write(tx -> CredentialAdministration.rotate(tx, ana, ANA));
    IssuedCredential third =
        metastore.write(tx -> CredentialAdministration.reset(tx, admin, ANA, true));
    assertThat(second.clientId()).isEqualTo(first.clientId()).isEqualTo(third.clientId());
    assertThat(first.clientSecret().reveal())
        .matches("polder_secret_[0-9A-Za-z]{43}")
        .isNotEqualTo(second.clientSecret().reveal());
    assertThat(third.rotationRequired()).isTrue();
    assertThat(
            metastore
                .read(tx -> CredentialAdministration.find(tx, ana, ANA))
                .orElseThrow()
                .rotationRequired())
        .isTrue();
  }

  @Test
  void strangersNeitherSeeNorMakeNorResetSomebodysCredential() {
    Identity ana = user("ana", ACME);
    Identity bob = user("bob", ACME);
    Identity eve = tenantAdmin("eve", GLOBEX);
    write(tx -> CredentialAdministration.create(tx, ana, ANA, false));
    for (Identity stranger : new Identity[] {bob, eve}) {
      ErrorCode code =
          stranger.equals(bob) ? ErrorCode.ACCESS_DENIED : ErrorCode.PRINCIPAL_NOT_FOUND;
      assertCode(
          code, () -> metastore.read(tx -> CredentialAdministration.find(tx, stranger, ANA)));
      assertCode(code, () -> write(tx -> CredentialAdministration.rotate(tx, stranger, ANA)));
      assertCode(code, () -> write(tx -> CredentialAdministration.reset(tx, stranger, ANA, false)));
    }
    assertCode(
        ErrorCode.ACCESS_DENIED,
        () -> write(tx -> CredentialAdministration.reset(tx, ana, ANA, false)));
  }

  @Test
  void whoCameWithATokenGetsNoSecret() {
    Identity ana = user("ana", ACME);
    write(tx -> CredentialAdministration.create(tx, ana, ANA, false));
    IssuedToken personal =
        metastore.write(tx ->
            TokenAdministration.issue(tx, ana, ANA, TokenKind.PERSONAL, "t", Optional.empty()));
    Identity thief = authenticator.token(personal.text());
    Identity inSession =
        authenticator.token(authenticator.login(thief, Duration.ofHours(1)).text());
    assertCode(
        ErrorCode.ACCESS_DENIED,
        () -> write(tx -> CredentialAdministration.rotate(tx, thief, ANA)));
    assertCode(
        ErrorCode.ACCESS_DENIED,
        () -> write(tx -> CredentialAdministration.rotate(tx, inSession, ANA)));
  }
}
