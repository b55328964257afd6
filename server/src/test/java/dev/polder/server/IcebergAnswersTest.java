package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polder.server.client.PolderClient;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the Iceberg door answers to requests that no client of Iceberg's own would send. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IcebergAnswersTest {
  @TempDir static Path directory;
  private RunningServer server;
  private PolderClient sql;
  private IcebergRequests rest;
  private String namespaces;
  private String tables;
  private String table;

  @BeforeAll
  void start() {
    server = LocalServers.start(directory.resolve("data"), Map.of());
    sql = LocalServers.admin(server);
    sql.execute("CREATE DATABASE shop");
    sql.execute("USE shop");
    String token = TwoServers.text(sql.execute("CREATE TOKEN answers"), "token");
    rest = new IcebergRequests(server.endpoints().http(), token);
    namespaces = "/v1/" + rest.prefix("shop") + "/namespaces";
    tables = namespaces + "/main/tables";
    post(tables, IcebergRequests.TABLE.formatted("orders"), 200);
    table = tables + "/orders";
  }

  @AfterAll
  void stop() {
    sql.close();
    server.close();
  }

  private JsonNode post(String path, String body, int status) {
    IcebergRequests.Answer answer = rest.send("POST", path, body, null);
    assertThat(answer.status()).as("%s", answer.body()).isEqualTo(status);
    return answer.body().path("error");
  }

  @Test
  void a_property_without_a_value_is_refused_and_breaks_nothing() {
    post(namespaces, "{\"namespace\":[\"kept\"],\"properties\":{\"a\":\"b\"}}", 200);
    for (String body :
        new String[] {
          "{\"updates\":{\"a\":null}}", "{\"removals\":[null]}", "{\"updates\":{\"\\ud800\":\"x\"}}"
        }) {
      post(namespaces + "/kept/properties", body, 400);
    }
    post(namespaces, "{\"namespace\":[\"other\"],\"properties\":{\"a\":null}}", 400);
    post(
        tables,
        IcebergRequests.TABLE
            .formatted("other")
            .replaceFirst("\\{", "{\"properties\":{\"a\":null},"),
        400);
    assertThat(rest.get(namespaces + "/kept").body().path("properties").path("a").asText())
        .isEqualTo("b");
    assertThat(rest.get(namespaces).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"removals\":\"x\"}", "{\"updates\":[]}", "{\"updates\":{\"a\":{}}}"})
  void a_value_of_another_kind_is_told_by_its_field(String body) {
    assertThat(post(namespaces + "/main/properties", body, 400).path("message").asText())
        .contains(body.contains("removals") ? "'removals'" : "'updates")
        .doesNotContain("java");
  }

  @Test
  void a_property_set_and_removed_at_once_is_unprocessable() {
    post(namespaces, "{\"namespace\":[\"both\"]}", 200);
    JsonNode error =
        post(
            namespaces + "/both/properties",
            "{\"removals\":[\"k\"],\"updates\":{\"k\":\"v\"}}",
            422);
    assertThat(error.path("type").asText()).isEqualTo("UnprocessableEntityException");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'assert-view-uuid','uuid':'01a200d9-fa03-7cb0-b529-80dbcf7a815e'}|",
        "|{'action':'set-default-spec','spec-id':99}",
        "|{'action':'upgrade-format-version','format-version':4}",
        "|{'action':'set-statistics','snapshot-id':1,'statistics':{'snapshot-id':1,'statistics-path':"
            + "'file:///etc/x','file-size-in-bytes':1,'file-footer-size-in-bytes':1,"
            + "'blob-metadata':[]}}",
        "|{'action':'set-partition-statistics','partition-statistics':{'snapshot-id':1,"
            + "'statistics-path':'file:///etc/x','file-size-in-bytes':1}}",
      })
  void a_change_that_makes_no_sense_is_refused(String change) {
    String[] parts = change.replace('\'', '"').split("\\|", -1);
    String body = "{\"requirements\":[" + parts[0] + "],\"updates\":[" + parts[1] + "]}";
    String before = rest.get(table).body().path("metadata-location").asText();
    post(table, body, 400);
    assertThat(rest.get(table).body().path("metadata-location").asText()).isEqualTo(before);
  }

  @Test
  void a_new_table_that_misses_its_parts_is_refused() {
    post(
        tables + "/unmade",
        "{\"requirements\":[{\"type\":\"assert-create\"}],\"updates\":[{\"action\":\"set-properties\","
            + "\"updates\":{\"a\":\"b\"}}]}",
        400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'name':'','schema':{'type':'struct','fields':[]}",
        "'name':'x','schema':{'type':'struct','fields':[{'id':1,'name':'a','required':false,'type':"
            + "'variant'}]}",
        "'name':'x','schema':{'type':'struct','fields':[]},'properties':{'format-version':'4'}",
        "'name':'x','schema':{'type':'struct','fields':[]},'write-order':{'order-id':1,'fields':[{"
            + "'source-id':77,'transform':'identity','direction':'asc','null-order':'nulls-first'}]}",
      })
  void a_table_that_cannot_be_is_refused(String body) {
    post(tables, "{" + body.replace('\'', '"') + "}", 400);
  }

  @Test
  void a_staged_table_has_a_directory_for_engines_that_make_none() {
    IcebergRequests.Answer staged =
        rest.send(
            "POST",
            tables,
            IcebergRequests.TABLE
                .formatted("staged")
                .replaceFirst("\\{", "{\"stage-create\":true,"),
            null);
    Path place = Path.of(staged.body().path("metadata").path("location").asText());
    assertThat(place.resolve("metadata")).isDirectory();
  }

  @Test
  void a_view_keeps_texts_alone() {
    post(
        namespaces + "/main/views",
        ("{'name':'odd','schema':{'type':'struct','schema-id':0,'fields':[]},'view-version':{"
                + "'version-id':1,'timestamp-ms':1,'schema-id':0,'summary':{},'default-namespace':[],"
                + "'representations':[{'type':'image','sql':'x'}]},'properties':{}}")
            .replace('\'', '"'),
        400);
  }

  @Test
  void what_is_missing_is_told_by_its_kind() {
    assertThat(type("/v1/config?warehouse=nowhere")).isEqualTo("NoSuchWarehouseException");
    assertThat(type(namespaces + "/main/views/none")).isEqualTo("NoSuchViewException");
    assertThat(type(tables + "/none/credentials")).isEqualTo("NoSuchTableException");
  }

  private String type(String path) {
    IcebergRequests.Answer answer = rest.get(path);
    assertThat(answer.status()).isEqualTo(404);
    return answer.body().path("error").path("type").asText();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a/b", "50%", "a%2Fb", "a+b", "a b", "a;b", "a\\b", "ünï 🚲", "?#&", "'\""})
  void a_name_is_found_however_it_must_be_encoded(String name) {
    String quoted = name.replace("\\", "\\\\").replace("\"", "\\\"");
    post(namespaces, "{\"namespace\":[\"" + quoted + "\"]}", 200);
    String inside =
        namespaces + "/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    post(inside + "/tables", IcebergRequests.TABLE.formatted(quoted), 200);
    assertThat(rest.get(inside + "/tables/" + inside.substring(namespaces.length() + 1)).status())
        .isEqualTo(200);
    sql.execute("SELECT * FROM " + quote(name) + "." + quote(name));
  }

  private static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @ParameterizedTest
  @CsvSource({"99999999999999999999,200", "1,200", "0,400", "-1,400", "1.5,400", "x,400", "'',400"})
  void a_page_has_one_name_or_more(String size, int status) {
    assertThat(rest.get(tables + "?pageSize=" + size).status()).isEqualTo(status);
  }

  @Test
  void a_warehouse_is_found_by_a_realm_in_the_header() throws Exception {
    sql.execute("CREATE TENANT acme");
    sql.execute("CREATE DATABASE theirs FOR TENANT acme");
    for (String path :
        new String[] {
          "/api/catalog/v1/config?warehouse=theirs", "/api/catalog/v1/theirs/namespaces"
        }) {
      assertThat(raw("GET", path, "Polaris-Realm", "acme").statusCode()).isEqualTo(200);
      assertThat(raw("GET", path, "Polaris-Realm", "default").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void a_tag_is_found_in_a_list_and_without_its_weakness() throws Exception {
    String tag = rest.get(table).headers().firstValue("ETag").orElseThrow();
    for (String seen : new String[] {tag, tag.substring(2), "\"x\", " + tag, "*"}) {
      assertThat(raw("GET", "/api/catalog" + table, "If-None-Match", seen).statusCode())
          .as(seen)
          .isEqualTo(304);
    }
    assertThat(raw("GET", "/api/catalog" + table, "If-None-Match", "\"x\"").statusCode())
        .isEqualTo(200);
  }

  @Test
  void a_method_that_a_path_does_not_take_is_told_those_that_it_takes() throws Exception {
    HttpResponse<String> refused = raw("PUT", "/api/catalog" + table, "X-Unused", "x");
    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.headers().firstValue("Allow").orElse(""))
        .contains("GET", "POST", "DELETE", "HEAD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/catalog/v1//namespaces", "/v1/x/%2e%2e/y"})
  void a_path_that_is_none_is_refused_in_the_doors_words(String path) throws Exception {
    HttpResponse<String> refused = raw("GET", path, "X-Unused", "x");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("\"type\":\"BadRequestException\"");
  }

  private HttpResponse<String> raw(String method, String path, String header, String value)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(server.endpoints().http() + path))
              .header("Authorization", "Bearer " + rest.token())
              .header(header, value)
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
