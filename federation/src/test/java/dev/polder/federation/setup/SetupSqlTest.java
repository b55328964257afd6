package dev.polder.federation.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.model.Secret;
import dev.polder.sql.parse.Lexer;
import dev.polder.sql.parse.Token;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What set-up SQL may hold, and what becomes of the values in it. */
final class SetupSqlTest {
  private static final String EXAMPLE =
      "INSTALL postgres; LOAD postgres; CREATE OR REPLACE SECRET fedpg_sec (TYPE POSTGRES, HOST"
          + " 'pg.prod', PORT 5432, DATABASE 'warehouse', USER 'svc_qod', PASSWORD"
          + " '{{secret.PG_PWD}}'); ATTACH '' AS {{alias}} (TYPE POSTGRES, SECRET fedpg_sec,"
          + " READ_ONLY);";

  private static List<String> rendered(String text, String value) {
    SetupSql setup = SetupSql.parse("fedpg", text);
    Map<String, Secret> values =
        setup.secretNames().stream().collect(Collectors.toMap(n -> n, n -> Secret.of(value)));
    return setup.prepare(values, null).steps().stream().map(PreparedSetup.Step::sql).toList();
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> SetupSql.parse("fedpg", text))
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER))
        .hasMessageContaining(message);
  }

  @Test
  void the_example_of_the_documentation_is_filled_in() {
    assertThat(rendered(EXAMPLE, "hunter2"))
        .containsExactly(
            "INSTALL \"postgres\"",
            "LOAD \"postgres\"",
            "CREATE OR REPLACE TEMPORARY SECRET \"fedpg_sec\" (TYPE POSTGRES, HOST 'pg.prod', PORT"
                + " 5432, DATABASE 'warehouse', USER 'svc_qod', PASSWORD 'hunter2')",
            "ATTACH '' AS \"fedpg\" (TYPE POSTGRES, SECRET fedpg_sec, READ_ONLY)");
    SetupSql setup = SetupSql.parse("fedpg", EXAMPLE);
    assertThat(setup.secretNames()).containsExactly("PG_PWD");
    assertThat(setup.extensions()).containsExactly("postgres");
    assertThat(setup.inlineCredentials()).isEmpty();
    assertThat(setup.redacted()).isEqualTo(EXAMPLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`ATTACH 'x' AS {{alias}}`|`ATTACH 'x' AS \"fedpg\"`",
        "`ATTACH 'x' AS \"{{alias}}\"`|`ATTACH 'x' AS \"fedpg\"`",
        "`attach if not exists $$a'b$$ as FedPg`|`ATTACH IF NOT EXISTS 'a''b' AS \"fedpg\"`",
        "`ATTACH OR REPLACE DATABASE 'x' AS fedpg`|`ATTACH OR REPLACE 'x' AS \"fedpg\"`",
        "`ATTACH {{secret.S}} AS fedpg`|`ATTACH 'o''x \"}' AS \"fedpg\"`",
        "`ATTACH '{{secret.S}}' AS fedpg`|`ATTACH 'o''x \"}' AS \"fedpg\"`",
        "`ATTACH 'a/{{secret.S}}.db' AS fedpg`|`ATTACH 'a/o''x \"}.db' AS \"fedpg\"`",
        "`ATTACH 'host=h password={{secret.S}} port=1' AS fedpg`"
            + "|`ATTACH 'host=h password=''o\\''x \"}'' port=1' AS \"fedpg\"`",
        "`ATTACH 'password = ''{{secret.S}}''' AS fedpg`"
            + "|`ATTACH 'password=''o\\''x \"}''' AS \"fedpg\"`",
        "`ATTACH 'ducklake:postgres:dbname=d password={{secret.S}}' AS fedpg`"
            + "|`ATTACH 'ducklake:postgres:dbname=d password=''o\\''x \"}''' AS \"fedpg\"`",
        "`ATTACH 'host=h password={{secret.S}}' AS fedpg (TYPE mysql)`"
            + "|`ATTACH 'host=h password=\"o''x \\\"}\"' AS \"fedpg\" (TYPE mysql)`",
        "`ATTACH 'postgresql://u:{{secret.S}}@h/d' AS fedpg`"
            + "|`ATTACH 'postgresql://u:o%27x%20%22%7D@h/d' AS \"fedpg\"`",
        "`ATTACH 'x' AS fedpg (TYPE x, TOKEN {{secret.S}})`"
            + "|`ATTACH 'x' AS \"fedpg\" (TYPE x, TOKEN 'o''x \"}')`",
        "`ATTACH 'x' AS fedpg (HEADERS MAP {'A': 'Bearer {{secret.S}}'}, N -1)`"
            + "|`ATTACH 'x' AS \"fedpg\" (HEADERS MAP { 'A' : 'Bearer o''x \"}' }, N - 1)`",
        "`ATTACH 'x' AS fedpg (SECRET {{alias}}_sec)`"
            + "|`ATTACH 'x' AS \"fedpg\" (SECRET 'fedpg_sec')`",
        "`ATTACH 'x' AS fedpg (SECRET \"a{{secret.S}}\"\"b\")`"
            + "|`ATTACH 'x' AS \"fedpg\" (SECRET \"ao'x \"\"}\"\"b\")`",
      })
  void each_place_is_quoted_as_it_needs(String text, String expected) {
    assertThat(rendered(text, "o'x \"}")).containsExactly(expected);
  }

  @Test
  void names_grow_together_with_what_touches_them() {
    assertThat(
            rendered(
                "CREATE SECRET {{alias}}_sec2 (TYPE http, BEARER_TOKEN {{secret.a}}{{secret.b}});"
                    + "ATTACH 'x' AS fedpg",
                "t"))
        .first()
        .isEqualTo("CREATE TEMPORARY SECRET \"fedpg_sec2\" (TYPE http, BEARER_TOKEN 'tt')");
  }

  @Test
  void comments_and_empty_statements_are_left_out() {
    assertThat(
            rendered(
                "-- {{secret.OLD} and '\n;; /* ; ATTACH */ ATTACH /* {{x}} */ 'a;--b' AS fedpg;;",
                "t"))
        .containsExactly("ATTACH 'a;--b' AS \"fedpg\"");
  }

  @Test
  void a_few_settings_can_be_set() {
    assertThat(rendered("SET GLOBAL pg_connection_limit = 8; ATTACH '' AS fedpg", ""))
        .first()
        .isEqualTo("SET pg_connection_limit = 8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "COPY t TO 'x'",
        "DETACH x",
        "USE fedpg",
        "PRAGMA version",
        "CREATE FUNCTION f() AS 1",
        "CREATE MACRO f() AS 1",
        "CREATE TABLE t AS SELECT 1",
        "CREATE PERSISTENT SECRET s (TYPE http)",
        "CREATE SECRET s IN local_file (TYPE http)",
        "CREATE OR REPLACE PERSISTENT SECRET s (TYPE http)",
        "CREATE VIEW v AS SELECT 1",
        "DROP SECRET s",
        "CALL pragma_version()",
        "EXPLAIN SELECT 1",
        "EXPORT DATABASE 'x'",
        "IMPORT DATABASE 'x'",
        ".shell id",
        "\"ATTACH\" 'x' AS fedpg",
        "{{alias}} 'x'",
        "FORCE INSTALL postgres",
        "INSTALL 'postgres'",
        "INSTALL '/tmp/x.duckdb_extension'",
        "INSTALL \"/tmp/x.duckdb_extension\"",
        "INSTALL {{secret.X}}",
        "INSTALL postgres FROM community",
        "INSTALL postgres FROM 'http://evil'",
        "INSTALL postgres FROM core VERSION 'x'",
        "LOAD '/tmp/x.so'",
        "LOAD \"../x\"",
        "LOAD postgres AS p",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET allow_unsigned_extensions = true",
        "SET allowed_directories = ['/']",
        "SET extension_directory = '/x'",
        "SET custom_extension_repository = 'http://evil'",
        "SET s3_secret_access_key = 'x'",
        "SET memory_limit = '1TB'",
        "SET \"pg_connection_limit\"",
        "SET pg_connection_limit = (SELECT 1)",
        "SET pg_connection_limit = getenv('X')",
        "SET pg_connection_limit =",
        "SET {{secret.X}} = 1",
        "RESET pg_connection_limit",
        "ATTACH 'x'",
        "ATTACH 'x' AS other",
        "ATTACH 'x' AS \"main\"",
        "ATTACH 'x' AS {{secret.X}}",
        "ATTACH 'x' AS {{alias}}x",
        "ATTACH 'x' AS fedpg.y",
        "ATTACH getenv('HOME') AS fedpg",
        "ATTACH x AS fedpg",
        "ATTACH 'a' || 'b' AS fedpg",
        "ATTACH 'x' AS fedpg (TYPE getenv('X'))",
        "ATTACH 'x' AS fedpg (TYPE (SELECT 1))",
        "ATTACH 'x' AS fedpg (TYPE 'a' || 'b')",
        "ATTACH 'x' AS fedpg (TYPE $1)",
        "ATTACH 'x' AS fedpg (TYPE ?)",
        "ATTACH 'x' AS fedpg (A [1, 2)",
        "ATTACH 'x' AS fedpg (A 1}",
        "ATTACH 'x' AS fedpg (A 1",
        "ATTACH 'x' AS fedpg (A 1) B",
        "ATTACH 'x' AS fedpg ({{secret.X}} 1)",
        "ATTACH E'x' AS fedpg",
        "ATTACH 'x AS fedpg",
        "ATTACH",
        "CREATE SECRET",
        "CREATE SECRET s (PASSWORD 'hunter2' hunter2(",
        ""
      })
  void whatever_else_is_refused(String text) {
    assertThatThrownBy(() -> SetupSql.parse("fedpg", text))
        .isInstanceOfSatisfying(
            PolderException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER))
        .hasMessageContaining("source 'fedpg'")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void refusals_name_the_statement() {
    refused(
        "LOAD postgres; SELECT 1; ATTACH '' AS fedpg",
        "statement 2 of the setupSql of source 'fedpg': SELECT is not allowed; setupSql may hold"
            + " INSTALL, LOAD, CREATE SECRET, ATTACH and SET of what concerns sources");
    refused("LOAD postgres", "attaches nothing: ATTACH … AS {{alias}} is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`ATTACH '{{secret.X}' AS fedpg`|`{{secret.X}`",
        "`ATTACH {{secret.X} AS fedpg`|`{{secret.X}`",
        "`ATTACH '{{secret.PG-PWD}}' AS fedpg`|`{{secret.PG-PWD}}`",
        "`ATTACH '{{ alias }}' AS fedpg`|`{{ alias }}`",
        "`ATTACH '{{{alias}}}' AS fedpg`|`{{`",
        "`ATTACH '{{secret.}}' AS fedpg`|`{{secret.}}`",
        "`ATTACH '{{other}}' AS fedpg`|`{{other}}`",
        "`ATTACH '{{' AS fedpg`|`{{`",
        "`ATTACH 'x' AS {{Alias}}`|`{{Alias}}`",
      })
  void malformed_placeholders_are_shown(String text, String shown) {
    assertThatThrownBy(() -> SetupSql.parse("fedpg", text))
        .hasMessage("unsubstituted placeholder in source 'fedpg': " + shown);
  }

  @Test
  void a_secret_without_a_value_is_named() {
    assertThatThrownBy(() -> SetupSql.parse("fedpg", EXAMPLE).prepare(Map.of(), null))
        .hasMessage("unresolved secret 'PG_PWD' in source 'fedpg'");
    assertThatThrownBy(() ->
            SetupSql.parse("fedpg", EXAMPLE).prepare(Map.of("PG_PWD", Secret.of("a\0b")), null))
        .hasMessage("secret 'PG_PWD' in source 'fedpg' holds the character U+0000");
  }

  static Stream<String> nastyValues() {
    String alphabet = "'\"\\;{}=$-/*()[], \n\r\t%@:#azAZ09_éß€𝄞";
    int[] points = alphabet.codePoints().toArray();
    Random random = new Random(42);
    Stream<String> some =
        Stream.of(
            "",
            "'",
            "''",
            "\"",
            "\\",
            "\\'",
            "'; DROP TABLE t; --",
            "{{secret.PG_PWD}}",
            "{{alias}}",
            "$1\\0$$",
            "a b",
            "x' host='evil",
            "/*",
            "*/",
            "$$",
            "line\nline");
    Stream<String> generated =
        IntStream.range(0, 500)
            .mapToObj(i ->
                IntStream.range(0, 1 + random.nextInt(12))
                    .mapToObj(j -> Character.toString(points[random.nextInt(points.length)]))
                    .collect(Collectors.joining()));
    return Stream.concat(some, generated);
  }

  private static final String EVERYWHERE =
      """
      CREATE SECRET "s{{secret.V}}" (TYPE http, BEARER_TOKEN {{secret.V}}, X 'a{{secret.V}}b',
        Y $tag$c{{secret.V}}$tag$, M MAP {'k': '{{secret.V}}'}, Q "{{secret.V}}");
      ATTACH 'host=h password={{secret.V}} user=''a{{secret.V}}'' b=c' AS {{alias}} (SECRET x{{secret.V}});
      ATTACH {{secret.V}} AS fedpg;
      ATTACH 'postgresql://u:{{secret.V}}@h/{{alias}}' AS fedpg (TYPE postgres);
      ATTACH 'host=h password={{secret.V}}' AS fedpg (TYPE mysql);
      """;

  @ParameterizedTest
  @MethodSource("nastyValues")
  void no_value_changes_what_a_statement_is(String value) {
    List<String> plain = rendered(EVERYWHERE, "v");
    List<String> nasty = rendered(EVERYWHERE, value);
    assertThat(nasty).hasSameSizeAs(plain);
    for (int i = 0; i < plain.size(); i++) {
      List<Token> expected = Lexer.tokens(plain.get(i));
      List<Token> tokens = Lexer.tokens(nasty.get(i));
      assertThat(tokens)
          .extracting(Token::kind)
          .isEqualTo(expected.stream().map(Token::kind).toList());
      for (int t = 0; t < tokens.size(); t++) {
        boolean quoted = tokens.get(t).kind() == Token.Kind.QUOTED || tokens.get(t).isString();
        if (!quoted) {
          assertThat(tokens.get(t).text()).isEqualTo(expected.get(t).text());
        }
      }
    }
    assertThat(Lexer.tokens(nasty.get(2)).get(1).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @MethodSource("nastyValues")
  void no_value_changes_a_connection_string(String value) {
    String attach = rendered(EVERYWHERE, value).get(1);
    assertThat(libpq(Lexer.tokens(attach).get(1).value()))
        .containsExactly("host=h", "password=" + value, "user=a" + value, "b=c");
  }

  /** Reads a connection string as libpq does. */
  private static List<String> libpq(String text) {
    List<String> pairs = new java.util.ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int equals = text.indexOf('=', at);
      StringBuilder value = new StringBuilder();
      String key = text.substring(at, equals).strip();
      at = equals + 1;
      boolean quoted = at < text.length() && text.charAt(at) == '\'';
      at += quoted ? 1 : 0;
      while (at < text.length()
          && (quoted ? text.charAt(at) != '\'' : !Character.isWhitespace(text.charAt(at)))) {
        at += text.charAt(at) == '\\' ? 1 : 0;
        value.append(text.charAt(at++));
      }
      pairs.add(key + "=" + value);
      at++;
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
    }
    return pairs;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`CREATE SECRET s (TYPE x, PASSWORD 'hunter2')`"
            + "|PASSWORD|`CREATE SECRET s (TYPE x, PASSWORD '***REDACTED***')`",
        "`CREATE SECRET s (TYPE s3, KEY_ID hunter2)`"
            + "|KEY_ID|`CREATE SECRET s (TYPE s3, KEY_ID '***REDACTED***')`",
        "`CREATE SECRET s (TYPE s3, secret $$hunter2$$)`"
            + "|SECRET|`CREATE SECRET s (TYPE s3, secret '***REDACTED***')`",
        "`CREATE SECRET s (EXTRA_HTTP_HEADERS MAP {'Auth': 'Bearer hunter2'})`"
            + "|EXTRA_HTTP_HEADERS"
            + "|`CREATE SECRET s (EXTRA_HTTP_HEADERS MAP {'Auth': '***REDACTED***'})`",
        "`CREATE SECRET s (CONNECTION_STRING 'AccountName=a;AccountKey=hunter2;X=y')`"
            + "|accountkey"
            + "|`CREATE SECRET s (CONNECTION_STRING 'AccountName=a;AccountKey=***REDACTED***;X=y')`",
        "`ATTACH 'host=h password=hunter2' AS fedpg`"
            + "|password|`ATTACH 'host=h password=***REDACTED***' AS fedpg`",
        "`ATTACH 'password=''hunter2 hunter2'' host=h' AS fedpg`"
            + "|password|`ATTACH 'password=***REDACTED*** host=h' AS fedpg`",
        "`ATTACH 'postgresql://u:hunter2@h/d' AS fedpg`"
            + "|password|`ATTACH 'postgresql://u:***REDACTED***@h/d' AS fedpg`",
        "`ATTACH 'x' AS fedpg (CLIENT_SECRET 'hunter2')`"
            + "|CLIENT_SECRET|`ATTACH 'x' AS fedpg (CLIENT_SECRET '***REDACTED***')`",
        "`ATTACH 'md:x?motherduck_token=hunter2' AS fedpg`"
            + "|motherduck_token|`ATTACH 'md:x?motherduck_token=***REDACTED***' AS fedpg`",
      })
  void credentials_that_are_written_out_are_found(String text, String name, String redacted) {
    String end = text.startsWith("ATTACH") ? "" : "; ATTACH '' AS fedpg";
    SetupSql setup = SetupSql.parse("fedpg", text + end);
    assertThat(setup.inlineCredentials()).containsExactly(name);
    assertThat(setup.redacted()).isEqualTo(redacted + end);
    assertThat(SetupSql.parse("fedpg", setup.redacted()).redacted()).isEqualTo(redacted + end);
    assertThatThrownBy(setup::refuseInlineCredentials)
        .hasMessageContaining("has a credential written out in " + name)
        .hasMessageNotContaining("hunter2");
    assertThat(setup.toString()).doesNotContain("hunter2");
    PreparedSetup prepared = setup.prepare(Map.of(), null);
    assertThat(prepared.steps().toString()).doesNotContain("hunter2");
    assertThat(prepared.failure(prepared.steps().getFirst(), "bad 'hunter2'"))
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ATTACH '' AS fedpg (SECRET my_secret)",
        "ATTACH 'host=h user=u password={{secret.P}}' AS fedpg",
        "ATTACH 'postgresql://u:{{secret.P}}@h' AS fedpg",
        "ATTACH 'x' AS fedpg (TOKEN {{secret.P}}, OAUTH2_TOKEN_URI 'https://x', SSL_KEY '/k')",
        "CREATE SECRET s (TYPE s3, PROVIDER credential_chain, KMS_KEY_ID 'k'); ATTACH '' AS fedpg",
        "CREATE SECRET s (EXTRA_HTTP_HEADERS MAP {'Authorization': 'Bearer {{secret.T}}'});"
            + " ATTACH '' AS fedpg"
      })
  void what_holds_no_credential_is_let_through(String text) {
    SetupSql setup = SetupSql.parse("fedpg", text);
    setup.refuseInlineCredentials();
    assertThat(setup.redacted()).isEqualTo(text);
  }

  @ParameterizedTest
  @MethodSource("nastyValues")
  void failures_hold_no_value(String value) {
    String secret = "S3cr3t!" + value;
    SetupSql setup = SetupSql.parse("fedpg", EVERYWHERE);
    PreparedSetup prepared = setup.prepare(Map.of("V", Secret.of(secret)), null);
    for (PreparedSetup.Step step : prepared.steps()) {
      PolderException failure =
          prepared.failure(
              step, "IO Error: bad \"" + secret + "\" in " + step.sql() + "\n\nLINE 1: " + secret);
      assertThat(failure.code()).isEqualTo(ErrorCode.SETUP_FAILED);
      assertThat(failure)
          .hasMessageStartingWith(
              "source 'fedpg' cannot be attached: statement "
                  + step.number()
                  + " of its setupSql failed: IO Error: bad ")
          .hasMessageNotContaining("S3cr3t");
    }
  }

  @Test
  void a_missing_extension_is_told_with_the_place_to_put_it() {
    SetupSql setup = SetupSql.parse("fedpg", EXAMPLE);
    PreparedSetup online = setup.prepare(Map.of("PG_PWD", Secret.of("hunter2")), null);
    assertThat(
            online.failure(
                online.steps().getFirst(),
                "{\"exception_type\":\"IO\",\"exception_message\":\"Failed to download extension"
                    + " \\\"postgres_scanner\\\" at URL"
                    + " \\\"http://extensions.duckdb.org/v2.0.0/linux_amd64/postgres_scanner.duckdb_extension.gz\\\"\\nExtension"
                    + " ...\"}"))
        .hasMessageContaining("statement 1 of its setupSql failed: IO Error: Failed to download")
        .hasMessageEndingWith(
            "To do without a download, put the extension's file at"
                + " <directory>/v2.0.0/linux_amd64/postgres_scanner.duckdb_extension and set the"
                + " source's extensionDirectory to <directory>");
    assertThat(
            online.failure(
                online.steps().getLast(),
                "Invalid Input Error: Secret type 's3' does not exist, but it exists in the httpfs"
                    + " extension."))
        .hasMessageEndingWith("Write INSTALL httpfs; LOAD httpfs; before it in the setupSql");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`ATTACH '/data/{{secret.F}}.db' AS fedpg`|`/data/x.db`",
        "`ATTACH 'sqlite:/data/a.db' AS fedpg`|`/data/a.db`",
        "`ATTACH '/data/a.db' AS fedpg (TYPE SQLITE)`|`/data/a.db`",
        "`ATTACH 'https://h/a.duckdb' AS fedpg`|`https://h/a.duckdb`",
        "`ATTACH 'ducklake:/m.ducklake' AS fedpg (DATA_PATH 's3://b/p/')`"
            + "|`/m.ducklake s3://b/p/`",
        "`ATTACH 'ducklake:postgres:dbname=d' AS fedpg (DATA_PATH '/d/')`|`/d/`",
        "`ATTACH ':memory:' AS fedpg`|``",
        "`ATTACH '' AS fedpg (TYPE postgres, SECRET s)`|``",
        "`ATTACH 'host=h' AS fedpg (TYPE postgres)`|``",
        "`ATTACH 'postgres:host=h' AS fedpg`|``",
      })
  void what_duckdb_itself_reads_is_told(String text, String paths) {
    assertThat(SetupSql.parse("fedpg", text).prepare(Map.of("F", Secret.of("x")), null).paths())
        .isEqualTo(
            Stream.of((paths == null ? "" : paths).split(" ", -1))
                .filter(p -> !p.isEmpty())
                .toList());
  }

  @Test
  void with_a_directory_of_extensions_nothing_is_installed() {
    PreparedSetup offline =
        SetupSql.parse("fedpg", EXAMPLE)
            .prepare(Map.of("PG_PWD", Secret.of("hunter2")), Path.of("/ext'd"));
    assertThat(offline.steps()).extracting(PreparedSetup.Step::number).containsExactly(0, 2, 3, 4);
    assertThat(offline.steps().getFirst().sql()).isEqualTo("SET extension_directory = '/ext''d'");
    assertThat(
            offline.failure(
                offline.steps().get(1),
                "IO Error: Extension"
                    + " \"/ext'd/v2.0.0/linux_amd64/postgres_scanner.duckdb_extension\" not"
                    + " found.\n"))
        .hasMessageEndingWith(
            "Put the extension's file, of exactly this version and platform, at"
                + " /ext'd/v2.0.0/linux_amd64/postgres_scanner.duckdb_extension");
  }
}
