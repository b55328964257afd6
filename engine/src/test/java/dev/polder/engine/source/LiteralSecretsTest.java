package dev.polder.engine.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.metastore.source.SourceDefinition;
import dev.polder.model.SourceAlias;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralSecretsTest {
  private static final SourceAlias ALIAS = new SourceAlias("fedpg");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE SECRET s (TYPE POSTGRES, PASSWORD 'hunter2')",
        "CREATE SECRET s (TYPE POSTGRES, password='hunter2')",
        "CREATE SECRET s (TYPE S3, KEY_ID 'hunter2', SECRET '{{secret.A}}')",
        "CREATE SECRET s (TYPE S3, KEY_ID '{{secret.A}}', SECRET 'hunter2')",
        "CREATE SECRET s (TYPE S3, SESSION_TOKEN /* x */ 'hunter2')",
        "CREATE SECRET s (TYPE ICEBERG, CLIENT_SECRET $$hunter2$$)",
        "CREATE SECRET s (TYPE ICEBERG, TOKEN E'hunter2')",
        "CREATE SECRET s (TYPE HTTP, EXTRA MAP {'token': 'hunter2'})",
        "CREATE SECRET s (PASSWORD 'a' || 'hunter2')",
        "CREATE SECRET s (PASSWORD ('hunter2'))",
        "CREATE SECRET s (\"password\" 'hunter2')",
        "CREATE SECRET s (PASSWORD '{{secret.A}}hunter2')",
        "ATTACH 'host=h password=hunter2 user=u' AS {{alias}} (TYPE POSTGRES)",
        "ATTACH 'host=h password=''hunter2 x'' user=u' AS {{alias}} (TYPE POSTGRES)",
        "ATTACH 'Server=h;Pwd=hunter2;Uid=u' AS {{alias}}",
        "ATTACH 'postgresql://u:hunter2@h/db' AS {{alias}} (TYPE POSTGRES)",
        "ATTACH 'https://h/db?access_key=hunter2&x=1' AS {{alias}}",
        "SET s3_secret_access_key = 'hunter2'",
      })
  void whatSpellsOutACredentialIsFoundAndBlottedOut(String sql) {
    SourceDefinition definition = SourceDefinition.ofSetupSql(ALIAS, sql);
    assertThat(LiteralSecrets.in(definition)).isTrue();
    assertThat(LiteralSecrets.sql(sql)).doesNotContain("hunter2").contains("***REDACTED***");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSTALL postgres; LOAD postgres; CREATE OR REPLACE SECRET fedpg_sec (TYPE POSTGRES, HOST"
            + " 'pg.prod', PORT 5432, DATABASE 'warehouse', USER 'svc_qod', PASSWORD"
            + " '{{secret.PG_PWD}}'); ATTACH '' AS {{alias}} (TYPE POSTGRES, SECRET fedpg_sec,"
            + " READ_ONLY);",
        "ATTACH 'host=h password={{secret.P}} user=u' AS {{alias}} (TYPE POSTGRES)",
        "ATTACH 'host=h password=''{{secret.P}}'' user=u' AS {{alias}} (TYPE POSTGRES)",
        "ATTACH 'postgresql://u:{{secret.P}}@h/db' AS {{alias}} (TYPE POSTGRES)",
        "CREATE SECRET s (TYPE POSTGRES, PASSWORD '')",
        "ATTACH '/data/secret.duckdb' AS {{alias}}",
      })
  void whatNamesSecretsIsLeftAsItIs(String sql) {
    assertThat(LiteralSecrets.sql(sql)).isEqualTo(sql);
  }

  @Test
  void sqlThatCannotBeReadIsNotShownAtAll() {
    assertThat(LiteralSecrets.sql("ATTACH 'password=hunter2")).isEqualTo("***REDACTED***");
  }

  @Test
  void propertiesAreLookedAtByNameAndByWhatIsInThem() {
    SourceDefinition definition =
        SourceDefinition.ofConnector(
            ALIAS,
            "jdbc",
            Map.of(
                "url", "jdbc:x://h/db?user=u&password=hunter2",
                "client-secret", "hunter2",
                "password", "{{secret.P}}",
                "user", "u"),
            true);
    assertThat(LiteralSecrets.redacted(definition).properties())
        .containsEntry("url", "jdbc:x://h/db?user=u&password=***REDACTED***")
        .containsEntry("client-secret", "***REDACTED***")
        .containsEntry("password", "{{secret.P}}")
        .containsEntry("user", "u");
  }
}
