package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polder.lake.S3Server;
import dev.polder.server.client.PolderClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What who may write one table tries to have signed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DelegationAttackTest {
  private static final String TABLES = "/v1/acme_shop/namespaces/main/tables/";

  @TempDir static Path directory;
  private RunningServer server;
  private PolderClient admin;
  private PolderClient shop;
  private String token;
  private String endpoint;
  private String bucket;

  /** A directory of the user's own table, as a key: no slash at its end. */
  private String own;

  private String ownFile;
  private String secret;
  private String secretFile;
  private String theirs;

  @BeforeAll
  void start() throws IOException {
    bucket = S3Server.running().bucket();
    endpoint = S3Server.running().settings().endpoint().orElseThrow();
    server = StoreServers.signing(directory.resolve("data"), bucket, Map.of());
    admin = LocalServers.admin(server);
    StoreServers.tenants(
        admin,
        List.of("acme", "other"),
        (tenant, database) -> {
          PolderClient client = StoreServers.admin(server, database, tenant);
          client.execute("CREATE TABLE own (id BIGINT NOT NULL, item VARCHAR)");
          client.execute("INSERT INTO own VALUES (1, 'mine')");
          client.execute("CREATE TABLE secret (id BIGINT NOT NULL, item VARCHAR)");
          client.execute("INSERT INTO secret VALUES (1, 'nobody knows')");
          client.execute("CREATE TABLE readable (id BIGINT NOT NULL, item VARCHAR)");
          client.execute("INSERT INTO readable VALUES (1, 'for all')");
          client.execute("GRANT SELECT, INSERT ON TABLE own TO USER user_of_" + tenant);
          client.execute("GRANT SELECT ON TABLE readable TO USER user_of_" + tenant);
          if (tenant.equals("acme")) {
            shop = client;
          } else {
            client.close();
          }
        });
    token = StoreServers.token(server, "user_of_acme", "acme_shop");
    String all = TwoServers.text(admin.execute("CREATE TOKEN engines"), "token");
    try (RESTCatalog ofAcme =
            IcebergCatalogs.delegated(server, "acme@acme_shop", all, "remote-signing");
        RESTCatalog ofOther =
            IcebergCatalogs.delegated(server, "other@other_shop", all, "remote-signing")) {
      own = key(load(ofAcme, "own").location());
      ownFile = key(IcebergCatalogs.anyFile(load(ofAcme, "own")).location());
      secret = key(load(ofAcme, "secret").location());
      secretFile = key(IcebergCatalogs.anyFile(load(ofAcme, "secret")).location());
      theirs = key(IcebergCatalogs.anyFile(load(ofOther, "own")).location());
    }
  }

  @AfterAll
  void stop() {
    shop.close();
    admin.close();
    server.close();
  }

  private static Table load(RESTCatalog catalog, String name) {
    return catalog.loadTable(TableIdentifier.of(Namespace.of("main"), name));
  }

  private String key(String location) {
    return location.substring(("s3://" + bucket + "/").length());
  }

  private String address(String key) {
    return endpoint + "/" + bucket + "/" + key;
  }

  private RestCalls.Reply sign(
      String table, String method, String uri, Map<String, String> headers) {
    ObjectNode body = new ObjectMapper().createObjectNode();
    body.put("region", "us-east-1").put("uri", uri).put("method", method);
    ObjectNode sent = body.putObject("headers");
    headers.forEach((name, value) -> sent.putArray(name).add(value));
    return new RestCalls(server, token).post(TABLES + table + "/sign", body.toString());
  }

  private void refused(String method, String uri) {
    refused(method, uri, Map.of());
  }

  private void refused(String method, String uri, Map<String, String> headers) {
    RestCalls.Reply reply = sign("own", method, uri, headers);
    assertThat(reply.status()).as(method + " " + uri + " " + reply.body()).isIn(400, 403);
    assertThat(reply.body()).doesNotContain("Signature=");
  }

  private String fresh() {
    return own + "/data/" + UUID.randomUUID() + ".parquet";
  }

  @Test
  void ones_own_files_are_signed_for() {
    assertThat(sign("own", "GET", address(ownFile), Map.of("Range", "bytes=0-3")).status())
        .isEqualTo(200);
    assertThat(sign("own", "PUT", address(fresh()), Map.of()).status()).isEqualTo(200);
    assertThat(
            sign(
                    "own",
                    "GET",
                    endpoint + "/" + bucket + "?list-type=2&prefix=" + own + "/data/",
                    Map.of())
                .status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "POST", "PATCH", "OPTIONS", "get", ""})
  void another_tables_file_is_not_signed_for(String method) {
    refused(method, address(secretFile));
    refused(method, address(theirs));
  }

  @Test
  void no_spelling_leads_out_of_the_table() {
    String file = own.substring(own.lastIndexOf('/') + 1);
    for (String path :
        List.of(
            own + "0/data/x.parquet",
            own,
            own + "/",
            own + "/../" + secret.substring(secret.lastIndexOf('/') + 1) + "/x",
            own + "/%2e%2e/x",
            own + "/%2E./x",
            own + "/..%2fx",
            own + "%2fdata%2fx",
            own + "/data%5c..%5cx",
            own + "//data/x",
            own + "/./data/x",
            own + "/data/%00",
            own + "/data/%0d%0aX",
            own + "/data/%zz",
            own + "/data/%",
            own + "/data/%c0%ae%c0%ae/x",
            "../" + bucket + "/" + own + "/data/x",
            own.toUpperCase(Locale.ROOT) + "/data/x",
            own.replace(file, "*") + "/data/x",
            own.replace(file, "?") + "/data/x",
            own.replace(file, "%2a") + "/data/x",
            own.replace(file, "$%7baws:username%7d") + "/data/x")) {
      refused("GET", address(path));
      refused("PUT", address(path));
    }
  }

  @Test
  void no_other_host_scheme_or_bucket_is_signed_for() {
    String host = endpoint.substring("http://".length());
    for (String uri :
        List.of(
            "https://" + host + "/" + bucket + "/" + ownFile,
            "http://evil.example/" + bucket + "/" + ownFile,
            "http://" + host + "@evil.example/" + bucket + "/" + ownFile,
            "http://evil.example@" + host + "/" + bucket + "/" + ownFile,
            "http://127.0.0.1:1/" + bucket + "/" + ownFile,
            "http://127.0.0.1/" + bucket + "/" + ownFile,
            "http://" + host + "/" + bucket + "x/" + ownFile,
            "http://" + host + "/x" + bucket + "/" + ownFile,
            "http://" + bucket + ".evil.example/" + ownFile,
            "http://" + host + "/" + bucket + "/" + ownFile + "#fragment",
            "s3://" + bucket + "/" + ownFile,
            "mailto:x@y",
            "/" + bucket + "/" + ownFile,
            "",
            "http://" + host + "/" + bucket + "/" + ownFile + "\r\nHost: evil")) {
      refused("GET", uri);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?acl",
        "?tagging",
        "?versionId=1",
        "?torrent",
        "?legal-hold",
        "?retention",
        "?restore",
        "?select&select-type=2",
        "?uploadId=",
        "?uploadId=1",
        "?partNumber=1&uploadId=",
        "?uploads=&uploadId=1",
        "?response-content-type=text/html",
        "?x-id=GetObject&acl",
        "?list-type=2&prefix=",
        "?a=1&a=2",
        "?%61cl",
        "?X-Amz-Expires=604800"
      })
  void no_other_operation_is_signed_for(String query) {
    for (String method : List.of("GET", "PUT", "POST", "DELETE")) {
      if (!(method.equals("DELETE") || method.equals("POST")) || !query.equals("?uploadId=1")) {
        refused(method, address(ownFile + query));
      }
    }
  }

  @Test
  void only_ones_own_directory_is_listed() {
    String root = endpoint + "/" + bucket;
    for (String query :
        List.of(
            "",
            "?list-type=2",
            "?list-type=2&prefix=",
            "?list-type=2&prefix=warehouse",
            "?list-type=2&prefix=" + own,
            "?list-type=2&prefix=" + own + "0/",
            "?list-type=2&prefix=" + secret + "/",
            "?list-type=2&prefix=" + own + "/&prefix=" + secret + "/",
            "?versions&prefix=" + own + "/",
            "?uploads&prefix=" + own + "/",
            "?policy&prefix=" + own + "/",
            "?location",
            "?delete")) {
      refused("GET", root + query);
      refused("POST", root + query);
      refused("DELETE", root + query);
      refused("PUT", root + query);
    }
  }

  @Test
  void no_header_gives_the_request_another_meaning() {
    String file = address(fresh());
    for (Map<String, String> headers :
        List.of(
            Map.of("x-amz-copy-source", "/" + bucket + "/" + secretFile),
            Map.of("X-Amz-Copy-Source", "/" + bucket + "/" + ownFile),
            Map.of("x-amz-acl", "public-read"),
            Map.of("x-amz-grant-read", "uri=http://acs.amazonaws.com/groups/global/AllUsers"),
            Map.of("x-amz-tagging", "a=b"),
            Map.of("x-amz-storage-class", "GLACIER"),
            Map.of("x-amz-website-redirect-location", "http://evil.example"),
            Map.of("x-amz-object-lock-mode", "COMPLIANCE"),
            Map.of("x-amz-server-side-encryption-customer-key", "k"),
            Map.of("x-amz-security-token", "t"),
            Map.of("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
            Map.of("If-None-Match", "\"x\""),
            Map.of("If-Match", "*"),
            Map.of("x-amz-te", "a\r\nx-amz-acl: public-read"),
            Map.of("x-amz-te\nx", "a"))) {
      refused("PUT", file, headers);
    }
  }

  @Test
  void a_file_that_is_there_is_not_written_again() {
    refused("PUT", address(ownFile));
    refused("POST", address(ownFile + "?uploads"));
    refused("POST", address(ownFile + "?uploadId=1"));
  }

  @Test
  void reading_gives_no_right_to_write() {
    String place = ownFile.substring(0, ownFile.lastIndexOf('/'));
    RestCalls.Reply reply = sign("readable", "PUT", address(place + "/x.parquet"), Map.of());
    assertThat(reply.status()).isEqualTo(403);
    try (RESTCatalog reading =
        IcebergCatalogs.delegated(server, "acme_shop", token, "remote-signing")) {
      Table table = load(reading, "readable");
      assertThat(VendedCredentialsTest.sum(table)).isEqualTo(1);
      assertThatThrownBy(() -> IcebergCatalogs.write(table, 0, 1))
          .hasStackTraceContaining("INSERT or DELETE grant");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_table_that_one_may_not_know_of_signs_nothing() {
    assertThat(sign("secret", "GET", address(secretFile), Map.of()).status()).isEqualTo(404);
    assertThat(sign("nosuch", "GET", address(secretFile), Map.of()).status()).isEqualTo(404);
    RestCalls calls = new RestCalls(server, token);
    for (String prefix : List.of("other_shop", "other@other_shop", "~1026~other", "~1025~other")) {
      assertThat(calls.post("/v1/" + prefix + "/namespaces/main/tables/own/sign", "{}").status())
          .isEqualTo(404);
      assertThat(calls.get("/v1/" + prefix + "/namespaces/main/tables/own/credentials").status())
          .isEqualTo(404);
    }
  }

  @Test
  void a_right_that_was_taken_away_signs_nothing_more() {
    shop.execute("CREATE TABLE brief (id BIGINT NOT NULL, item VARCHAR)");
    shop.execute("INSERT INTO brief VALUES (1, 'x')");
    shop.execute("GRANT SELECT ON TABLE brief TO USER user_of_acme");
    String file;
    try (RESTCatalog mine =
        IcebergCatalogs.delegated(server, "acme_shop", token, "remote-signing")) {
      file = key(IcebergCatalogs.anyFile(load(mine, "brief")).location());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(sign("brief", "GET", address(file), Map.of()).status()).isEqualTo(200);
    shop.execute("CREATE ROW FILTER few ON brief USING (id < 0)");
    assertThat(sign("brief", "GET", address(file), Map.of()).status()).isEqualTo(403);
    shop.execute("DROP ROW FILTER few ON brief");
    assertThat(sign("brief", "GET", address(file), Map.of()).status()).isEqualTo(200);
    shop.execute("REVOKE SELECT ON TABLE brief FROM USER user_of_acme");
    assertThat(sign("brief", "GET", address(file), Map.of()).status()).isEqualTo(404);
  }

  @Test
  void a_signature_is_good_for_its_own_request_alone() throws Exception {
    String file = address(fresh());
    JsonNode signed = sign("own", "PUT", file, Map.of()).json();
    assertThat(send("PUT", file.replace(".parquet", ".avro"), signed, true)).isEqualTo(403);
    assertThat(send("DELETE", file, signed, true)).isEqualTo(403);
    assertThat(send("PUT", file, signed, false)).as("without the condition").isEqualTo(403);
    assertThat(send("PUT", file, signed, true)).isEqualTo(200);
    assertThat(send("PUT", file, signed, true)).as("once more").isEqualTo(412);
    JsonNode get = sign("own", "GET", address(ownFile), Map.of()).json();
    assertThat(send("GET", address(ownFile), get, true)).isEqualTo(200);
    assertThat(send("GET", address(secretFile), get, true)).isEqualTo(403);
    assertThat(send("GET", address(ownFile + "?acl"), get, true)).isEqualTo(403);
  }

  private static int send(String method, String uri, JsonNode signed, boolean withCondition)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(uri))
            .method(method, HttpRequest.BodyPublishers.ofString("body"));
    signed
        .path("headers")
        .properties()
        .forEach(header -> {
          if (withCondition || !header.getKey().equals("if-none-match")) {
            request.header(header.getKey(), header.getValue().path(0).asText());
          }
        });
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }
  }
}
