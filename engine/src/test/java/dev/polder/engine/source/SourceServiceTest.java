package dev.polder.engine.source;

import static dev.polder.engine.EngineHarness.refused;
import static dev.polder.engine.EngineHarness.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.engine.EngineHarness;
import dev.polder.engine.Session;
import dev.polder.engine.source.SourceService.Scope;
import dev.polder.federation.ConnectorProperty;
import dev.polder.federation.ConnectorProperty.Kind;
import dev.polder.federation.Connectors;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import dev.polder.model.SourceId;
import dev.polder.policy.Identity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may make of a source what, and that nothing that is answered or kept tells a secret. */
final class SourceServiceTest {
  private static final String PASSWORD = "another long password";
  private static final Connectors CONNECTORS =
      new Connectors(
          List.of(
              new TestConnector(
                  "postgres",
                  List.of(
                      ConnectorProperty.required("host", Kind.TEXT, "Where it is."),
                      ConnectorProperty.optional("url", Kind.TEXT, "Or this."),
                      ConnectorProperty.optional("password", Kind.SECRET, "Of the user."))),
              new TestConnector(
                  "sqlite", List.of(ConnectorProperty.required("path", Kind.LOCAL_PATH, "File."))),
              new TestConnector(
                  "polder", List.of(ConnectorProperty.required("database", Kind.TEXT, "Which.")))));

  private EngineHarness engine;
  private Session admin;
  private SourceService sources;
  private Scope asAdmin;
  private Scope asBoss;

  @BeforeEach
  void start(@TempDir Path directory) {
    engine = new EngineHarness(directory);
    admin = engine.admin();
    for (String tenant : List.of("acme", "globex")) {
      run(admin, "CREATE TENANT " + tenant);
      run(admin, "CREATE DATABASE " + tenant + "_fed FOR TENANT " + tenant);
      run(admin, "CREATE USER " + tenant + "_boss PASSWORD '" + PASSWORD + "' TENANT " + tenant);
      run(admin, "GRANT ROLE tenant_admin TO USER " + tenant + "_boss");
    }
    run(admin, "CREATE USER ann PASSWORD '" + PASSWORD + "' TENANT acme");
    sources =
        engine
            .engine()
            .sources(
                CONNECTORS,
                (name, reference) -> {
                  if (!reference.startsWith("env:")) {
                    throw new PolderException(
                        ErrorCode.SECRET_UNRESOLVED,
                        "secret '" + name + "': unknown externalRef prefix");
                  }
                });
    asAdmin =
        new Scope(
            engine.authenticator().password("admin", Secret.of(EngineHarness.ADMIN_PASSWORD)),
            "acme",
            "acme_fed");
    asBoss = as("acme_boss");
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  @Test
  void aTenantAdministratorManagesWhatIsReachedOverTheNetworkAndNothingElse() {
    ShownSource made = sources.put(asBoss, "FedPg", postgres("pg.prod"));
    assertThat(made.alias()).isEqualTo("fedpg");
    ShownSource again = sources.put(asBoss, "fedpg", postgres("pg2"));
    assertThat(again.id()).isEqualTo(made.id());
    assertThat(sources.list(asBoss)).hasSize(1);
    refused(
        ErrorCode.SUPERUSER_REQUIRED,
        () -> sources.put(asBoss, "x", setup("ATTACH '' AS {{alias}} (TYPE POSTGRES)")));
    refused(
        ErrorCode.SUPERUSER_REQUIRED,
        () -> sources.put(asBoss, "x", connector("sqlite", Map.of("path", "/etc/passwd"))));
    refused(
        ErrorCode.SUPERUSER_REQUIRED,
        () -> sources.putSecret(asBoss, "fedpg", "P", none(), Optional.of("env:HOME")));
    sources.put(asAdmin, "x", setup("ATTACH '' AS {{alias}} (TYPE POSTGRES)"));
    refused(
        ErrorCode.SUPERUSER_REQUIRED,
        () -> sources.change(asBoss, "x", setup("ATTACH '/' AS {{alias}}")));
    refused(
        ErrorCode.SUPERUSER_REQUIRED,
        () -> sources.putSecret(asBoss, "x", "P", Optional.of(Secret.of("/etc/passwd")), none()));
    sources.change(asBoss, "x", disabled(true));
    refused(ErrorCode.SUPERUSER_REQUIRED, () -> sources.change(asBoss, "x", disabled(false)));
    refused(ErrorCode.SUPERUSER_REQUIRED, () -> sources.put(asBoss, "x", postgres("mine")));
    sources.delete(asBoss, "x");
    assertThat(sources.list(asBoss)).hasSize(1);
  }

  @Test
  void aSecretThatAnotherStoreKeepsIsNotSentWhereATenantAdministratorSays() {
    sources.put(asBoss, "fedpg", postgres("pg.prod"));
    sources.putSecret(asAdmin, "fedpg", "P", none(), Optional.of("env:POLDER_SECRET_P"));
    refused(
        ErrorCode.SUPERUSER_REQUIRED, () -> sources.put(asBoss, "fedpg", postgres("my.own.host")));
    refused(
        ErrorCode.SUPERUSER_REQUIRED,
        () -> sources.change(asBoss, "fedpg", postgres("my.own.host")));
    sources.change(asBoss, "fedpg", disabled(true));
  }

  @Test
  void othersSeeNothingOfATenantsSources() {
    sources.put(asBoss, "fedpg", postgres("pg.prod"));
    Identity rival = identity("globex_boss");
    for (String database : List.of("acme_fed", "globex_fed", "nothing", "\"x")) {
      refused(ErrorCode.TENANT_FORBIDDEN, () -> sources.list(new Scope(rival, "acme", database)));
    }
    refused(
        ErrorCode.TENANT_FORBIDDEN, () -> sources.list(new Scope(rival, "no such", "acme_fed")));
    refused(
        ErrorCode.DATABASE_NOT_FOUND, () -> sources.list(new Scope(rival, "globex", "acme_fed")));
    refused(ErrorCode.ADMIN_REQUIRED, () -> sources.list(as("ann")));
    refused(
        ErrorCode.ADMIN_REQUIRED,
        () -> sources.list(new Scope(identity("ann"), "acme", "no_such_database")));
    assertThatThrownBy(() -> sources.list(new Scope(asAdmin.actor(), "acme", "acme_x")))
        .hasMessage("tenant-db 'acme_x' not found in tenant 'acme'");
    assertThatThrownBy(() -> sources.get(asBoss, "x")).hasMessage("source 'x' not found");
  }

  @Test
  void whoOwnsBothDatabasesMayShowOneInTheOther() {
    run(admin, "CREATE DATABASE acme_other FOR TENANT acme");
    run(admin, "GRANT DATABASE_OWNER ON DATABASE acme_fed TO ann");
    SourceInput polder = connector("polder", Map.of("database", "acme_other"));
    refused(ErrorCode.ADMIN_REQUIRED, () -> sources.put(as("ann"), "other", polder));
    refused(ErrorCode.ADMIN_REQUIRED, () -> sources.put(as("ann"), "pg", postgres("h")));
    run(admin, "GRANT DATABASE_OWNER ON DATABASE acme_other TO ann");
    sources.put(as("ann"), "other", polder);
    sources.put(asAdmin, "fedpg", postgres("h"));
    assertThat(sources.list(as("ann"))).hasSize(1);
    refused(ErrorCode.SOURCE_NOT_FOUND, () -> sources.get(as("ann"), "fedpg"));
    refused(ErrorCode.SOURCE_NOT_FOUND, () -> sources.secrets(as("ann"), "fedpg"));
    refused(ErrorCode.SOURCE_NOT_FOUND, () -> sources.delete(as("ann"), "fedpg"));
    refused(ErrorCode.ADMIN_REQUIRED, () -> sources.put(as("ann"), "fedpg", polder));
    refused(
        ErrorCode.SUPERUSER_REQUIRED,
        () ->
            sources.put(
                as("ann"), "theirs", connector("polder", Map.of("database", "globex_fed"))));
    refused(
        ErrorCode.SUPERUSER_REQUIRED,
        () -> sources.put(asBoss, "theirs", connector("polder", Map.of("database", "globex_fed"))));
  }

  @Test
  void anAliasHidesNoSchemaAndNoDatabaseAndNoSchemaIsMadeUnderAnAlias() {
    Session fed = engine.admin("acme", "acme_fed");
    run(fed, "CREATE SCHEMA sales");
    for (String alias : List.of("sales", "SALES", "acme_fed", "main", "polder_x", "a-b", "")) {
      refused(ErrorCode.INVALID_NAME, () -> sources.put(asBoss, alias, postgres("h")));
    }
    sources.put(asBoss, "fedpg", postgres("h"));
    refused(ErrorCode.SCHEMA_EXISTS, () -> run(fed, "CREATE SCHEMA FedPg"));
    refused(ErrorCode.SCHEMA_EXISTS, () -> run(fed, "CREATE SCHEMA \"FEDPG\""));
  }

  @Test
  void aCredentialInADefinitionIsRefusedUnlessAllowedAndThenNeverShown() {
    String sql = "CREATE SECRET s (TYPE POSTGRES, PASSWORD 'hunter2'); ATTACH '' AS {{alias}}";
    refused(ErrorCode.INVALID_PARAMETER, () -> sources.put(asAdmin, "x", setup(sql)));
    refused(
        ErrorCode.INVALID_PARAMETER,
        () ->
            sources.put(
                asBoss, "x", connector("postgres", Map.of("host", "h", "url", "p://u:hunter2@h"))));
    refused(
        ErrorCode.INVALID_PARAMETER,
        () ->
            sources.put(
                asBoss, "x", connector("postgres", Map.of("host", "h", "password", "hunter2"))));
    ShownSource made = sources.put(asAdmin, "x", inline(Optional.of(sql)));
    String shown = made.setupSql().orElseThrow();
    assertThat(shown).doesNotContain("hunter2").contains("***REDACTED***");
    sources.put(asAdmin, "x", inline(Optional.of(shown)));
    assertThat(
            engine
                .metastore()
                .<String>read(tx ->
                    tx.sources()
                        .find(new SourceId(made.id()))
                        .orElseThrow()
                        .definition()
                        .setupSql()
                        .orElseThrow()))
        .isEqualTo(sql);
    refused(
        ErrorCode.INVALID_PARAMETER, () -> sources.put(asAdmin, "y", inline(Optional.of(shown))));
  }

  @Test
  void secretsAreSetShownWithoutTheirValuesAndDeleted() {
    sources.put(asBoss, "fedpg", postgres("h"));
    ShownSecret set = putSecret("PG_PWD", "hunter2");
    assertThat(set.toString()).doesNotContain("hunter2");
    Secret sealed =
        engine
            .metastore()
            .<Secret>read(tx ->
                tx.sources().secrets(new SourceId(set.source())).getFirst().sealed().orElseThrow());
    assertThat(sealed.reveal()).doesNotContain("hunter2");
    assertThat(engine.lake().secrets().open(sealed).reveal()).isEqualTo("hunter2");
    assertThatThrownBy(() ->
            sources.putSecret(
                asAdmin, "fedpg", "P", Optional.of(Secret.of("x")), Optional.of("env:X")))
        .hasMessage("exactly one of value/externalRef must be set");
    assertThatThrownBy(() -> sources.putSecret(asAdmin, "fedpg", "P", none(), none()))
        .hasMessage("one of value or externalRef must be provided");
    refused(
        ErrorCode.SECRET_UNRESOLVED,
        () -> sources.putSecret(asAdmin, "fedpg", "P", none(), Optional.of("p:x")));
    refused(ErrorCode.INVALID_NAME, () -> putSecret("a-b", "x"));
    refused(ErrorCode.INVALID_PARAMETER, () -> putSecret("P", "***REDACTED***"));
    sources.deleteSecret(asBoss, "fedpg", "PG_PWD");
    assertThatThrownBy(() -> sources.deleteSecret(asBoss, "fedpg", "PG_PWD"))
        .hasMessage("secret 'PG_PWD' not found");
    assertThat(sources.secrets(asBoss, "fedpg")).isEmpty();
  }

  @Test
  void theTrailTellsWhatWasDoneAndNoSecret() {
    sources.put(asAdmin, "x", inline(Optional.of("ATTACH 'password=hunter2' AS {{alias}}")));
    sources.change(asAdmin, "x", disabled(true));
    sources.putSecret(asAdmin, "x", "P", Optional.of(Secret.of("hunter2")), none());
    sources.deleteSecret(asAdmin, "x", "P");
    sources.delete(asAdmin, "x");
    refused(ErrorCode.ADMIN_REQUIRED, () -> sources.list(as("ann")));
    List<Map<String, Object>> trail = run(admin, "SHOW AUDIT IN DATABASE acme_fed");
    assertThat(trail.stream().map(row -> row.get("event_type")))
        .contains(
            "source_created",
            "source_changed",
            "source_secret_set",
            "source_secret_deleted",
            "source_dropped");
    assertThat(trail.toString()).doesNotContain("hunter2").doesNotContain("ATTACH");
  }

  @Test
  void aTrialSaysWhichStepFailed() {
    sources.put(asBoss, "fedpg", postgres("h"));
    SourceBrowser.Trial trial = sources.test(asBoss, "fedpg");
    assertThat(trial.failedStep()).contains("connect");
    assertThat(trial.message()).isPresent();
    refused(ErrorCode.ADMIN_REQUIRED, () -> sources.test(as("ann"), "fedpg"));
    assertThat(sources.status(asBoss, "fedpg")).isEmpty();
  }

  @Test
  void aDatabaseOfKindMemoryServesSourcesAlone() {
    run(
        admin,
        "CREATE DATABASE acme_mem FOR TENANT acme WITH (kind = 'memory', default_database ="
            + " 'fedpg', default_schema = 'public')");
    Session mem = engine.admin("acme", "acme_mem");
    refused(ErrorCode.NOT_SUPPORTED, () -> run(mem, "CREATE TABLE main.t (a INTEGER)"));
    sources.put(new Scope(asBoss.actor(), "acme", "acme_mem"), "fedpg", postgres("h"));
    run(mem, "GRANT SELECT ON orders TO USER ann");
    assertThat(run(admin, "SHOW GRANTS FOR USER ann").getFirst())
        .containsEntry("object", "fedpg.public.orders");
  }

  private ShownSecret putSecret(String name, String value) {
    return sources.putSecret(asBoss, "fedpg", name, Optional.of(Secret.of(value)), none());
  }

  private Scope as(String user) {
    return new Scope(identity(user), "acme", "acme_fed");
  }

  private Identity identity(String user) {
    return engine.authenticator().password(user, Secret.of(PASSWORD));
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }

  private static SourceInput postgres(String host) {
    return connector("postgres", Map.of("host", host, "password", "{{secret.P}}"));
  }

  private static SourceInput connector(String name, Map<String, String> properties) {
    return input(none(), Optional.of(name), Optional.of(properties), none(), none());
  }

  private static SourceInput setup(String sql) {
    return input(Optional.of(sql), none(), none(), none(), none());
  }

  private static SourceInput inline(Optional<String> sql) {
    return input(sql, none(), none(), none(), Optional.of(true));
  }

  private static SourceInput disabled(boolean disabled) {
    return input(none(), none(), none(), Optional.of(disabled), none());
  }

  private static SourceInput input(
      Optional<String> setupSql,
      Optional<String> connector,
      Optional<Map<String, String>> properties,
      Optional<Boolean> disabled,
      Optional<Boolean> inline) {
    return new SourceInput(
        none(), false, setupSql, connector, properties, none(), disabled, inline, none(), none());
  }
}
