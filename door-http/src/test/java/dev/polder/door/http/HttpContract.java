package dev.polder.door.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.door.http.ApiClient.Reply;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What any server with this door does, told by a client alone: run it against another server by
 * giving its address and an administrator's name and password.
 */
@Timeout(60)
public abstract class HttpContract {
  static final String LONG_QUERY =
      "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3";

  ApiClient api;

  protected abstract URI baseUri();

  protected abstract String user();

  protected abstract String password();

  @BeforeEach
  void connect() {
    api = new ApiClient(baseUri(), user(), password());
  }

  // Encodings

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "true|true",
        "NULL|null",
        "(-128)::TINYINT|-128",
        "255::UTINYINT|255",
        "65535::USMALLINT|65535",
        "4294967295::UINTEGER|4294967295",
        "9223372036854775807|9223372036854775807",
        "18446744073709551615::UBIGINT|18446744073709551615",
        "170141183460469231731687303715884105727::HUGEINT|170141183460469231731687303715884105727",
        "(-170141183460469231731687303715884105727)::HUGEINT|-170141183460469231731687303715884105727",
        "340282366920938463463374607431768211455::UHUGEINT|340282366920938463463374607431768211455",
        "[340282366920938463463374607431768211455::UHUGEINT]|[340282366920938463463374607431768211455]",
        "12345678901234567890123456789012345678901234567890::BIGNUM|12345678901234567890123456789012345678901234567890",
        "(-256)::BIGNUM|-256",
        "1.50::DECIMAL(4,2)|1.50",
        "0.00000001::DECIMAL(38,8)|0.00000001",
        "1.5::DOUBLE|1.5",
        "0.1::FLOAT|0.1",
        "'nan'::DOUBLE|\"NaN\"",
        "'-inf'::FLOAT|\"-Infinity\"",
        "'inf'::DOUBLE|\"Infinity\"",
        "'gr\u00fc\u00dfe \ud83d\ude80'|\"gr\u00fc\u00dfe \ud83d\ude80\"",
        "'\\x00\\xff'::BLOB|\"AP8=\"",
        "'010110111'::BIT|\"010110111\"",
        "'2b3a8f6e-0c59-4d60-b9f6-6e9b6e5bd0c1'::UUID|\"2b3a8f6e-0c59-4d60-b9f6-6e9b6e5bd0c1\"",
        "DATE '2024-02-29'|\"2024-02-29\"",
        "DATE '12024-01-01'|\"+12024-01-01\"",
        "DATE '0044-03-15 (BC)'|\"-0043-03-15\"",
        "'infinity'::DATE|\"infinity\"",
        "TIME '12:34:56.789'|\"12:34:56.789\"",
        "TIME '24:00:00'|\"24:00:00\"",
        "TIMESTAMP '2024-01-01 12:34:56'|\"2024-01-01T12:34:56\"",
        "TIMESTAMP '1969-12-31 23:59:59.999999'|\"1969-12-31T23:59:59.999999\"",
        "'2024-01-01 12:34:56.123456789'::TIMESTAMP_NS|\"2024-01-01T12:34:56.123456789\"",
        "'2024-01-01 12:34:56'::TIMESTAMP_S|\"2024-01-01T12:34:56\"",
        "'2024-01-01 12:34:56.5'::TIMESTAMP_MS|\"2024-01-01T12:34:56.5\"",
        "'-infinity'::TIMESTAMP|\"-infinity\"",
        "TIMESTAMPTZ '2024-01-01 12:34:56.7+02'|\"2024-01-01T10:34:56.7Z\"",
        "INTERVAL '1 year 2 months 3 days 04:05:06.7'|\"P1Y2M3DT4H5M6.7S\"",
        "INTERVAL '-90 minutes'|\"PT-1H-30M\"",
        "INTERVAL '0 days'|\"PT0S\"",
        "[1,2,NULL]|[1,2,null]",
        "[]::INTEGER[]|[]",
        "[1,2]::INTEGER[2]|[1,2]",
        "[[1],[],NULL]|[[1],[],null]",
        "{'a':1,'b':'x','c':NULL}|{\"a\":1,\"b\":\"x\",\"c\":null}",
        "MAP{'k':1,'l':NULL}|{\"k\":1,\"l\":null}",
        "MAP{1:[2]}|[{\"key\":1,\"value\":[2]}]",
        "union_value(num := 3)|3",
        "'{\"a\":1}'::JSON|\"{\\\"a\\\":1}\"",
      })
  void everyTypeHasItsForm(String expression, String json) throws Exception {
    Reply reply = api.sql("SELECT " + expression + " AS v", new String[0]);

    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.text()).contains("\"rows\":[[" + json + "]]");
    CsvText csv = CsvText.of(api.sql("SELECT " + expression, "Accept", "text/csv").text());
    JsonNode value = ApiClient.JSON.readTree(json);
    assertThat(csv.rows().get(1).get(0))
        .isEqualTo(value.isNull() ? "" : value.isTextual() ? value.asText() : json);
  }

  @Test
  void aResultNamesItsColumnsAndCounts() throws Exception {
    JsonNode result =
        api.sql("SELECT 1::BIGINT AS a, 'x' AS \"b\"\"c\" WHERE 1 = 1", new String[0]).json();

    assertThat(result.path("columns").toString())
        .isEqualTo(
            "[{\"name\":\"a\",\"type\":\"BIGINT\"},{\"name\":\"b\\\"c\",\"type\":\"VARCHAR\"}]");
    assertThat(result.path("rowCount").asLong()).isEqualTo(1);
    assertThat(result.path("updateCount").isNull()).isTrue();
    assertThat(result.path("elapsedMs").isNumber()).isTrue();
    assertThat(result.path("notices").isArray()).isTrue();
  }

  @Test
  void anEmptyResultHasColumnsAndNoRows() throws Exception {
    JsonNode result = api.sql("SELECT 1 AS a WHERE false", new String[0]).json();

    assertThat(result.path("columns")).hasSize(1);
    assertThat(result.path("rows")).isEmpty();
    assertThat(result.path("rowCount").asInt()).isZero();
  }

  @Test
  void csvQuotesWhatNeedsItAndTellsNullFromEmpty() throws Exception {
    Reply reply =
        api.sql(
            "SELECT 'a,b' AS \"x,y\", 'say \"hi\"', 'two\nlines', '', NULL, 1",
            "Accept",
            "text/csv");

    assertThat(reply.header("Content-Type")).startsWith("text/csv");
    assertThat(reply.text().split("\r\n", 2)[1])
        .isEqualTo("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"\",,1\r\n");
    assertThat(reply.text()).startsWith("\"x,y\",");
  }

  @Test
  void ndjsonIsALineForEachRow() throws Exception {
    Reply reply =
        api.sql(
            "SELECT range AS n, 'x' AS s, 1 AS n FROM range(3) ORDER BY 1",
            "Accept",
            "application/x-ndjson");

    assertThat(reply.text().lines().toList())
        .containsExactly(
            "{\"n\":0,\"s\":\"x\",\"n_1\":1}",
            "{\"n\":1,\"s\":\"x\",\"n_1\":1}",
            "{\"n\":2,\"s\":\"x\",\"n_1\":1}");
    assertThat(api.sql("SELECT 1 WHERE false", "Accept", "application/x-ndjson").text()).isEmpty();
  }

  @Test
  void arrowIsAnIpcStream() throws Exception {
    Reply reply =
        api.sql(
            "SELECT range AS n FROM range(50000) ORDER BY 1",
            "Accept",
            "application/vnd.apache.arrow.stream");

    long rows = 0;
    try (var allocator = new RootAllocator();
        var reader =
            new ArrowStreamReader(new ByteArrayInputStream(reply.response().body()), allocator)) {
      while (reader.loadNextBatch()) {
        rows += reader.getVectorSchemaRoot().getRowCount();
      }
      assertThat(reader.getVectorSchemaRoot().getSchema().getFields().get(0).getName())
          .isEqualTo("n");
    }
    assertThat(rows).isEqualTo(50_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/*|application/json",
        "text/html, */*;q=0.1|application/json",
        "application/*|application/json",
        "text/*|text/csv",
        "application/json;q=0.2, text/csv|text/csv",
      })
  void acceptChooses(String accept, String type) throws Exception {
    assertThat(api.sql("SELECT 1", "Accept", accept).header("Content-Type")).startsWith(type);
  }

  @Test
  void anUnknownAcceptIsRefused() throws Exception {
    Reply reply = api.sql("SELECT 1", "Accept", "text/html");

    assertThat(reply.status()).isEqualTo(406);
    assertThat(reply.code()).isEqualTo("NOT_ACCEPTABLE");
  }

  // Parameters

  @Test
  void parametersKeepTheirTypes() throws Exception {
    Reply reply =
        api.post(
            "/api/sql",
            """
            {"sql":"SELECT typeof($1), typeof($2), typeof($3), typeof($4), typeof($5), typeof($6), $7 IS NULL",
             "parameters":[1, 1.5, 1e3, "x", true, {"type":"DATE","value":"2024-02-29"}, null]}
            """);

    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    JsonNode row = reply.json().path("rows").path(0);
    assertThat(row.path(0).asText()).isEqualTo("BIGINT");
    assertThat(row.path(1).asText()).startsWith("DECIMAL");
    assertThat(row.path(2).asText()).isEqualTo("DOUBLE");
    assertThat(row.path(3).asText()).isEqualTo("VARCHAR");
    assertThat(row.path(4).asText()).isEqualTo("BOOLEAN");
    assertThat(row.path(5).asText()).isEqualTo("DATE");
    assertThat(row.path(6).asBoolean()).isTrue();
  }

  @Test
  void aTextParameterIsNeverSql() throws Exception {
    JsonNode rows = api.sql("SELECT ?", (Object) "'; DROP TABLE x; --").json().path("rows");

    assertThat(rows.path(0).path(0).asText()).isEqualTo("'; DROP TABLE x; --");
  }

  // Bad input

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "\"SELECT 1\"",
        "{}",
        "{\"sql\":1}",
        "{\"sql\":null}",
        "{\"sql\":\"SELECT 1\",\"sql\":\"SELECT 2\"}",
        "{\"sql\":\"SELECT 1\",\"parameters\":{}}",
        "{\"sql\":\"SELECT 1\",\"parameters\":[{\"a\":1}]}",
        "{\"sql\":\"SELECT 1\",\"timeoutMs\":0}",
        "{\"sql\":\"SELECT 1\",\"timeoutMs\":\"1\"}",
        "{\"sql\":\"SELECT 1\"} trailing",
        "{\"sql\":\"SELECT 1\"}{}",
        "{\"sql\":'SELECT 1'}",
      })
  void aBrokenBodyIsRefused(String body) throws Exception {
    Reply reply = api.post("/api/sql", body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("BAD_REQUEST");
  }

  @Test
  void anUnknownFieldIsRefusedByName() throws Exception {
    Reply reply = api.post("/api/sql", "{\"sql\":\"SELECT 1\",\"querry\":1}");

    assertThat(reply.json().path("error").path("message").asText()).contains("'querry'");
  }

  @Test
  void deepNestingIsRefused() throws Exception {
    Reply reply =
        api.post(
            "/api/sql",
            "{\"sql\":\"SELECT ?\",\"parameters\":[" + "[".repeat(5000) + "]".repeat(5000) + "]}");

    assertThat(reply.status()).isEqualTo(400);
  }

  @Test
  void textThatIsNotUnicodeIsRefused() throws Exception {
    byte[] latin1 = "{\"sql\":\"SELECT 'caf\u00e9'\"}".getBytes(StandardCharsets.ISO_8859_1);
    Reply bytes =
        api.send(
            api.request("/api/sql")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(latin1)));
    Reply escape = api.post("/api/sql", "{\"sql\":\"SELECT ?\",\"parameters\":[\"\\ud800\"]}");

    assertThat(bytes.code()).isEqualTo("INVALID_TEXT");
    assertThat(escape.code()).isEqualTo("INVALID_TEXT");
  }

  @Test
  void aBodyOfAnotherTypeIsRefused() throws Exception {
    Reply reply =
        api.send(
            api.request("/api/sql")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("{\"sql\":\"SELECT 1\"}")));

    assertThat(reply.status()).isEqualTo(415);
  }

  @Test
  void aBodyTooLargeIsRefused() throws Exception {
    String body = ApiClient.body("SELECT '" + "x".repeat(40 << 20) + "'").toString();
    // Without a length the server learns only while it reads, and may cut the connection.
    Reply reply = api.post("/api/sql", body);

    assertThat(reply.status()).isEqualTo(413);
    assertThat(api.value("1").asInt()).isEqualTo(1);
  }

  @Test
  void aSyntaxErrorHasItsCodeAndState() throws Exception {
    Reply reply = api.sql("SELEC 1", new String[0]);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.code()).isEqualTo("SYNTAX_ERROR");
    assertThat(reply.json().path("error").path("sqlState").asText()).isEqualTo("42601");
    assertThat(reply.json().path("error").has("position")).isTrue();
  }

  @Test
  void failuresOfTheEngineKeepTheirCode() throws Exception {
    assertThat(api.sql("SELECT * FROM no_such_table", new String[0]).status()).isEqualTo(404);
    assertThat(api.sql("SELECT 'x'::INTEGER", new String[0]).code())
        .isIn("CONVERSION_ERROR", "DATA_EXCEPTION");
  }

  // Paths, methods, protocol

  @Test
  void unknownPathsAndMethodsAnswerAsJson() throws Exception {
    Reply path = api.get("/api/nothing");
    Reply method = api.get("/api/sql");

    assertThat(path.status()).isEqualTo(404);
    assertThat(path.code()).isEqualTo("NOT_FOUND_PATH");
    assertThat(method.status()).isEqualTo(405);
    assertThat(method.code()).isEqualTo("METHOD_NOT_ALLOWED");
    assertThat(api.get("/%3Cscript%3E").header("Content-Type")).startsWith("application/json");
  }

  @Test
  void everyResponseCarriesSecurityHeaders() throws Exception {
    for (Reply reply :
        new Reply[] {
          api.get("/health"), api.get("/api/nothing"), api.sql("SELECT 1", new String[0])
        }) {
      assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
      assertThat(reply.header("Server")).isEmpty();
      assertThat(reply.header("Access-Control-Allow-Origin")).isEmpty();
    }
  }

  // Authentication

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/ready", "/api/openapi.json"})
  void someThingsAreOpen(String path) throws Exception {
    assertThat(api.send(api.anonymous(path)).status()).isEqualTo(200);
  }

  static Stream<String> badCredentials() {
    return Stream.of(
        "",
        "Basic",
        "Basic !!!",
        "Basic " + Base64.getEncoder().encodeToString("nocolon".getBytes(StandardCharsets.UTF_8)),
        "Basic "
            + Base64.getEncoder().encodeToString("admin:wrong".getBytes(StandardCharsets.UTF_8)),
        "Basic " + Base64.getEncoder().encodeToString(new byte[] {(byte) 0xff, ':', 'x'}),
        "Bearer",
        "Bearer nonsense",
        "Digest x",
        "nonsense");
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.MethodSource("badCredentials")
  void withoutCredentialsThereIsNothing(String authorization) throws Exception {
    HttpRequest.Builder request =
        api.anonymous("/api/sql")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"sql\":\"SELECT 1\"}"));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    Reply reply = api.send(request);

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.response().headers().allValues("WWW-Authenticate")).hasSize(2);
    assertThat(reply.text()).doesNotContain("wrong\"").doesNotContain("SELECT");
  }

  @Test
  void aLoginGivesATokenForBothHeadersUntilLogout() throws Exception {
    Reply login =
        api.send(
            api.anonymous("/api/auth/login")
                .header("Content-Type", "application/json")
                .POST(
                    BodyPublishers.ofString(
                        ApiClient.JSON
                            .createObjectNode()
                            .put("username", user())
                            .put("password", password())
                            .toString())));
    assertThat(login.status()).as(login.text()).isEqualTo(200);
    String token = login.json().path("token").asText();
    assertThat(login.json().path("expiresAt").asText()).endsWith("Z");

    HttpRequest.Builder bearer =
        api.anonymous("/api/auth/whoami").header("Authorization", "Bearer " + token);
    HttpRequest.Builder key = api.anonymous("/api/auth/whoami").header("X-API-Key", token);
    assertThat(api.send(bearer.copy()).json().path("user").asText()).isEqualTo(user());
    assertThat(api.send(key).json().path("superuser").asBoolean()).isTrue();
    assertThat(api.send(bearer.copy().header("X-API-Key", token)).code()).isEqualTo("BAD_REQUEST");

    Reply logout =
        api.send(
            api.anonymous("/api/auth/logout")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.noBody()));
    assertThat(logout.json().path("loggedOut").asBoolean()).isTrue();
    assertThat(api.send(bearer.copy()).status()).isEqualTo(401);
  }

  @Test
  void aWrongPasswordGivesNoToken() throws Exception {
    Reply reply = api.post("/api/auth/login", "{\"user\":\"admin\",\"password\":\"no such\"}");

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.text()).doesNotContain("no such");
  }

  // Binding

  @Test
  void anUnknownDatabaseIsNotFoundByEveryWayOfNamingIt() throws Exception {
    assertThat(api.sql("SELECT 1", "X-Polder-Database", "nowhere").code())
        .isEqualTo("DATABASE_NOT_FOUND");
    assertThat(api.sql("SELECT 1", "X-NodeDB-Database", "nowhere").status()).isEqualTo(404);
    Reply query = api.post("/api/sql?database=nowhere", "{\"sql\":\"SELECT 1\"}");
    assertThat(query.json().path("error").path("sqlState").asText()).isEqualTo("3D000");
  }

  @Test
  void aHeaderGoesBeforeTheQueryStringAndDisagreementIsRefused() throws Exception {
    Reply header =
        api.post(
            "/api/sql?database=nowhere", "{\"sql\":\"SELECT 1\"}", "X-Polder-Database", "default");
    Reply conflict =
        api.sql("SELECT 1", "X-Polder-Database", "default", "X-NodeDB-Database", "other");
    Reply twice = api.sql("SELECT 1", "X-Polder-Database", "default", "X-Polder-Database", "other");

    assertThat(header.status()).isEqualTo(200);
    assertThat(conflict.code()).isEqualTo("BAD_REQUEST");
    assertThat(twice.code()).isEqualTo("BAD_REQUEST");
  }

  // Sessions and cancelling

  @Test
  void aSessionSpansRequestsUntilItIsDeleted() throws Exception {
    Reply opened = api.post("/api/session", "{}");
    assertThat(opened.status()).as(opened.text()).isEqualTo(200);
    String id = opened.json().path("session").asText();

    assertThat(api.sql("BEGIN", "X-Polder-Session", id).status()).isEqualTo(200);
    assertThat(api.sql("SELECT 1", "X-Polder-Session", id).status()).isEqualTo(200);
    assertThat(api.sql("COMMIT", "X-Polder-Session", id).status()).isEqualTo(200);
    assertThat(api.sql("SELECT 1", "X-Polder-Session", id, "X-Polder-Database", "other").code())
        .isEqualTo("BAD_REQUEST");
    assertThat(api.send(api.request("/api/session/" + id).DELETE()).status()).isEqualTo(200);
    assertThat(api.sql("SELECT 1", "X-Polder-Session", id).code()).isEqualTo("SESSION_NOT_FOUND");
  }

  @Test
  void aTransactionWithoutASessionIsRefused() throws Exception {
    assertThat(api.sql("BEGIN", new String[0]).status()).isEqualTo(400);
  }

  @Test
  void aStatementIsCancelledByItsId() throws Exception {
    String id = UUID.randomUUID().toString();
    CompletableFuture<HttpResponse<String>> running =
        api.client()
            .sendAsync(
                api.posting(
                        "/api/sql",
                        ApiClient.body(LONG_QUERY).toString(),
                        "X-Polder-Statement-Id",
                        id)
                    .build(),
                BodyHandlers.ofString());
    Awaitility.await().until(() -> api.post("/api/sql/" + id + "/cancel", "").status() == 200);

    HttpResponse<String> response = running.get(20, TimeUnit.SECONDS);
    assertThat(response.body()).contains("STATEMENT_CANCELLED");
    assertThat(response.statusCode()).isEqualTo(499);
  }

  @Test
  void aStatementThatDoesNotRunCannotBeCancelled() throws Exception {
    assertThat(api.post("/api/sql/" + UUID.randomUUID() + "/cancel", "").status()).isEqualTo(404);
    assertThat(api.post("/api/sql/nonsense/cancel", "").status()).isEqualTo(404);
  }
}
