package dev.polder.federation.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;

/** What the tests of the stores share: a vendor's server, and asking for one secret. */
abstract class StoreTest {
  static final Duration KEEP = Duration.ofMinutes(1);
  static final Duration TIMEOUT = Duration.ofSeconds(5);

  final VendorServer vendor = VendorServer.start();
  final Map<String, String> environment = new HashMap<>();
  private SourceSecrets secrets;

  @AfterEach
  void stop() {
    if (secrets != null) {
      secrets.close();
    }
    vendor.close();
    assertThat(vendor.faults()).isEmpty();
  }

  /** Settings as they are unless a test says otherwise. */
  abstract SecretStoreSettings settings();

  SourceSecrets secrets() {
    if (secrets == null) {
      use(settings());
    }
    return secrets;
  }

  void use(SecretStoreSettings settings) {
    if (secrets != null) {
      secrets.close();
    }
    secrets = SourceSecrets.of(settings, environment::get);
  }

  String resolve(String externalRef) {
    return secrets()
        .resolve(
            "fedpg",
            new LinkedHashSet<>(List.of("PWD")),
            List.of(SourceSecret.external("PWD", externalRef)))
        .get("PWD")
        .reveal();
  }

  AbstractThrowableAssert<?, ? extends Throwable> refused(String externalRef) {
    return assertThatThrownBy(() -> resolve(externalRef))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.SECRET_UNRESOLVED));
  }

  void rotated(String externalRef) {
    secrets().invalidate(List.of(SourceSecret.external("PWD", externalRef)));
  }

  static SecretStoreSettings with(
      SecretStoreSettings.Aws aws,
      SecretStoreSettings.Google google,
      SecretStoreSettings.Azure azure,
      SecretStoreSettings.Vault vault,
      Duration keep,
      Duration timeout) {
    return new SecretStoreSettings(
        SecretStoreMode.DISPATCH,
        SecretStoreSettings.DEFAULT_ENV_PREFIXES,
        keep,
        timeout,
        aws,
        google,
        azure,
        vault);
  }

  static SecretStoreSettings with(SecretStoreSettings.Vault vault, Duration keep, Duration wait) {
    SecretStoreSettings none = SecretStoreSettings.DEFAULT;
    return with(none.aws(), none.google(), none.azure(), vault, keep, wait);
  }
}
