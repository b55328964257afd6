package dev.polder.federation.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which store is asked for a secret, and what is said when none may be. */
final class SourceSecretsTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "POLDER_SECRET_PG", "from polder", "SL_QOD_SECRET_FOO", "from before", "HOME", "/root");

  private static SourceSecrets secrets(SecretStoreMode mode) {
    SecretStoreSettings none = SecretStoreSettings.DEFAULT;
    return SourceSecrets.of(
        new SecretStoreSettings(
            mode,
            none.envPrefixes(),
            none.keep(),
            none.timeout(),
            none.aws(),
            none.google(),
            none.azure(),
            none.vault()),
        ENVIRONMENT::get);
  }

  private static String resolve(SecretStoreMode mode, SourceSecret secret) {
    try (SourceSecrets secrets = secrets(mode)) {
      return secrets
          .resolve("fedpg", new LinkedHashSet<>(List.of("PG_PWD")), List.of(secret))
          .get("PG_PWD")
          .reveal();
    }
  }

  private static void refused(SecretStoreMode mode, SourceSecret secret, String message) {
    assertThatThrownBy(() -> resolve(mode, secret))
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SECRET_UNRESOLVED))
        .hasMessage(message);
  }

  @Test
  void a_stored_value_is_itself() {
    SourceSecret secret = SourceSecret.stored("PG_PWD", Secret.of("hunter2"));
    assertThat(resolve(SecretStoreMode.DISPATCH, secret)).isEqualTo("hunter2");
    assertThat(resolve(SecretStoreMode.POSTGRES, secret)).isEqualTo("hunter2");
  }

  @Test
  void a_stored_value_goes_before_a_reference() {
    assertThat(
            resolve(
                SecretStoreMode.DISPATCH,
                new SourceSecret("PG_PWD", Secret.of("hunter2"), "env:POLDER_SECRET_PG")))
        .isEqualTo("hunter2");
  }

  @ParameterizedTest
  @CsvSource({"env:POLDER_SECRET_PG,from polder", "env:SL_QOD_SECRET_FOO,from before"})
  void variables_with_the_prefixes_are_read(String reference, String value) {
    SourceSecret secret = SourceSecret.external("PG_PWD", reference);
    assertThat(resolve(SecretStoreMode.DISPATCH, secret)).isEqualTo(value);
    assertThat(resolve(SecretStoreMode.ENV, secret)).isEqualTo(value);
  }

  @Test
  void a_variable_that_is_not_set_is_named() {
    refused(
        SecretStoreMode.DISPATCH,
        SourceSecret.external("PG_PWD", "env:POLDER_SECRET_NONE"),
        "env var 'POLDER_SECRET_NONE' not set for secret 'PG_PWD'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HOME", "PATH", "", "polder_secret_pg", "POLDER_API_KEY"})
  void other_variables_are_the_servers_own(String variable) {
    refused(
        SecretStoreMode.DISPATCH,
        SourceSecret.external("PG_PWD", "env:" + variable),
        "secret 'PG_PWD': env var '"
            + variable
            + "' cannot be read: its name must begin with POLDER_SECRET_ or SL_QOD_SECRET_");
  }

  @ParameterizedTest
  @CsvSource({"p:x,p:", "plain,plain:", "'',:", "ENV:POLDER_SECRET_PG,ENV:", "http://h/x,http:"})
  void an_unknown_prefix_is_named(String reference, String prefix) {
    refused(
        SecretStoreMode.DISPATCH,
        SourceSecret.external("PG_PWD", reference),
        "secret 'PG_PWD': unknown externalRef prefix '"
            + prefix
            + "' (expected env:, aws-sm:, gcp-sm:, azure-kv:, or vault:)");
  }

  @Test
  void a_secret_that_does_not_exist_is_named() {
    try (SourceSecrets secrets = secrets(SecretStoreMode.DISPATCH)) {
      assertThatThrownBy(
              () -> secrets.resolve("fedpg", new LinkedHashSet<>(List.of("X")), List.of()))
          .hasMessage("unresolved secret 'X' in source 'fedpg'");
    }
    refused(
        SecretStoreMode.DISPATCH,
        new SourceSecret("PG_PWD", null, null),
        "unresolved secret 'PG_PWD' in source 'fedpg'");
  }

  @Test
  void a_store_of_stored_values_alone_takes_no_reference() {
    refused(
        SecretStoreMode.POSTGRES,
        SourceSecret.external("PG_PWD", "env:POLDER_SECRET_PG"),
        "secret 'PG_PWD' has an externalRef with env:, but the secret store is 'postgres' alone;"
            + " give it a value, or set the secret store to dispatch");
  }

  @Test
  void one_store_alone_takes_no_other_references() {
    refused(
        SecretStoreMode.VAULT,
        SourceSecret.external("PG_PWD", "env:POLDER_SECRET_PG"),
        "secret 'PG_PWD' has an externalRef with env:, but the secret store is 'vault' alone; use"
            + " vault:, or set the secret store to dispatch");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"DISPATCH", "POSTGRES"})
  void one_store_alone_takes_no_stored_values(SecretStoreMode mode) {
    refused(
        mode,
        SourceSecret.stored("PG_PWD", Secret.of("hunter2")),
        "secret 'PG_PWD' has a stored value, but the secret store is '"
            + mode
            + "' alone; give it an externalRef that begins with "
            + mode
            + ":, or set the secret store to dispatch");
  }

  @ParameterizedTest
  @CsvSource({
    "vault:secret/data/app#password,Vault is not configured: set federation.vault.address",
    "azure-kv:name,Azure Key Vault is not configured: set federation.azure-kv.vault-url"
  })
  void a_store_that_is_not_configured_says_what_to_set(String reference, String message) {
    refused(
        SecretStoreMode.DISPATCH,
        SourceSecret.external("PG_PWD", reference),
        "secret 'PG_PWD': " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aws-sm:arn:aws:s3:::bucket",
        "aws-sm:arn:aws:secretsmanager:evil.example.com#:1:secret:x",
        "aws-sm:",
        "aws-sm:name#",
        "gcp-sm:projects/p/secrets/n",
        "gcp-sm:projects/p/secrets/n/versions/../../../x",
        "gcp-sm:http://169.254.169.254/",
        "azure-kv:https://evil.vault.azure.net/secrets/x",
        "azure-kv:a/b/c",
        "azure-kv:../keys",
        "vault:secret/data/app",
        "vault:secret/data/app#",
        "vault:auth/token/lookup-self#id",
        "vault:sys/raw/x#y",
        "vault:secret/../auth/token/lookup-self#id",
        "vault:/secret/data/x#y",
        "vault:secret#x"
      })
  void references_that_name_no_secret_are_refused_without_asking(String reference) {
    try (SourceSecrets secrets = secrets(SecretStoreMode.DISPATCH)) {
      assertThatThrownBy(() -> secrets.check("PG_PWD", reference))
          .isInstanceOf(PolderException.class)
          .hasMessageStartingWith("secret 'PG_PWD': ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "env:POLDER_SECRET_PG",
        "aws-sm:arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/db-AbCdEf#password",
        "aws-sm:app/db",
        "gcp-sm:projects/p-1/secrets/db_pwd/versions/latest",
        "gcp-sm:projects/example.com:p-1/secrets/db/versions/7",
        "azure-kv:db-password",
        "azure-kv:db-password/0123456789abcdef0123456789abcdef",
        "vault:secret/data/qod/fedpg#password",
        "vault:kv/app#user name"
      })
  void references_as_documented_are_taken(String reference) {
    try (SourceSecrets secrets = secrets(SecretStoreMode.DISPATCH)) {
      secrets.check("PG_PWD", reference);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dispatch,DISPATCH",
    "auto,DISPATCH",
    "Postgres,POSTGRES",
    "stored,POSTGRES",
    "env,ENV",
    "aws-sm,AWS_SM",
    "gcp-sm,GCP_SM",
    "azure-kv,AZURE_KV",
    "vault,VAULT"
  })
  void modes_are_read_by_their_words(String word, SecretStoreMode mode) {
    assertThat(SecretStoreMode.of(word)).isEqualTo(mode);
  }
}
