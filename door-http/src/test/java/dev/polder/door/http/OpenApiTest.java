package dev.polder.door.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.polder.door.http.ApiClient.Reply;
import dev.polder.http.HttpListener;
import dev.polder.http.ListenerOptions;
import dev.polder.http.Route;
import dev.polder.sql.parse.ParserLimits;
import dev.polder.sql.parse.StatementParser;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API's description against what is really served, and administration as SQL. */
final class OpenApiTest {
  /** Their routes alone are looked at. */
  private static final SourceDoor SOURCES =
      new SourceDoor(() -> {
        throw new IllegalStateException("nothing is asked of sources here");
      });

  private static final ManifestDoor MANIFESTS =
      new ManifestDoor(() -> {
        throw new IllegalStateException("nothing is asked of manifests here");
      });

  @TempDir static Path directory;
  private RecordingSessions sessions;
  private HttpDoor door;
  private HttpListener listener;
  private ApiClient api;
  private JsonNode document;

  @BeforeEach
  void start() throws Exception {
    sessions = new RecordingSessions(new DuckSessions());
    TestCredentials users = new TestCredentials();
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    door =
        new HttpDoor(
            HttpOptions.defaults(),
            new HttpServices(
                sessions,
                new DirectoryStaging(directory),
                new FixedFeed(),
                users,
                () -> new Readiness(true, Map.of("engine", "up")),
                metrics));
    listener =
        TestListener.start(
            ListenerOptions.defaults().listeningOn("127.0.0.1", 0), users, metrics, door);
    api = new ApiClient(listener.baseUri(), "admin", "nimda");
    document = api.get("/api/openapi.json").json();
  }

  @AfterEach
  void stop() throws Exception {
    listener.close();
    sessions.close();
  }

  @Test
  void everyRouteIsDescribedAndEveryDescriptionServed() {
    List<String> described = new ArrayList<>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .fieldNames()
                .forEachRemaining(method ->
                    described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(door, SOURCES, MANIFESTS)
                .flatMap(group -> group.routes().stream())
                .map(route -> route.method() + " " + route.path())
                .toList());
  }

  @Test
  void everyReferenceInTheDescriptionLeadsSomewhere() {
    for (JsonNode reference : document.findValues("$ref")) {
      assertThat(document.at(reference.asText().substring(1)).isMissingNode())
          .as(reference.asText())
          .isFalse();
    }
  }

  @Test
  void operationsHaveNamesOfTheirOwn() {
    assertThat(document.findValuesAsText("operationId")).doesNotHaveDuplicates();
  }

  @Test
  void recordedResponsesAreAsDescribed() throws Exception {
    conforms("/health", "get", api.get("/health"));
    conforms("/ready", "get", api.get("/ready"));
    conforms("/api/auth/whoami", "get", api.get("/api/auth/whoami"));
    String login = "{\"user\":\"admin\",\"password\":\"nimda\"}";
    conforms("/api/auth/login", "post", api.post("/api/auth/login", login));
    conforms("/api/auth/logout", "post", api.post("/api/auth/logout", ""));
    conforms("/api/sql", "post", api.sql("SELECT 1 AS a, 'x' AS b", new String[0]));
    conforms("/api/sql", "post", api.sql("CREATE TABLE t (i INTEGER)", new String[0]));
    conforms("/api/sql", "post", api.sql("INSERT INTO t VALUES (1)", new String[0]));
    conforms("/api/sql", "post", api.sql("SELEC", new String[0]));
    conforms("/api/sql", "post", api.sql("SELECT * FROM nothing", new String[0]));
    Reply session = api.post("/api/session", "");
    conforms("/api/session", "post", session);
    String id = session.json().path("session").asText();
    conforms("/api/session/{id}", "delete", api.send(api.request("/api/session/" + id).DELETE()));
    conforms(
        "/api/staging/{name}",
        "put",
        api.send(api.request("/api/staging/f").PUT(BodyPublishers.ofString("x"))));
    conforms("/api/staging", "get", api.get("/api/staging"));
    conforms("/api/staging/{name}", "delete", api.send(api.request("/api/staging/f").DELETE()));
  }

  private record Call(String path, String body, String sql) {}

  private static final List<Call> CALLS =
      List.of(
          new Call("/api/tenant/create", "{'id':'acme'}", "CREATE TENANT \"acme\""),
          new Call("/api/tenant/delete", "{'id':'acme'}", "DROP TENANT \"acme\""),
          new Call(
              "/api/database/create",
              "{'tenant':'acme','name':'flights'}",
              "CREATE DATABASE \"acme_flights\" FOR TENANT \"acme\""),
          new Call(
              "/api/database/delete",
              "{'name':'acme_flights','cascade':true}",
              "DROP DATABASE \"acme_flights\" CASCADE"),
          new Call(
              "/api/tenant/update",
              "{'id':'acme','defaultDatabase':'flights'}",
              "ALTER TENANT \"acme\" SET DEFAULT DATABASE \"flights\""),
          new Call(
              "/api/tenant/update",
              "{'id':'acme','defaultDatabase':\"\"}",
              "ALTER TENANT \"acme\" RESET DEFAULT DATABASE"),
          new Call(
              "/api/tenant/identity-provider/create",
              "{'tenant':'acme','issuer':'https://id','audience':['a','b'],'mode':'external',"
                  + "'rolesClaim':'roles','provision':true,'replace':true}",
              "CREATE OR REPLACE IDENTITY PROVIDER FOR TENANT \"acme\" WITH (issuer ="
                  + " 'https://id', audience = 'a,b', mode = 'external', roles_claim = 'roles',"
                  + " provision = 'true')"),
          new Call(
              "/api/tenant/identity-provider/delete",
              "{'tenant':'acme','ifExists':true}",
              "DROP IDENTITY PROVIDER IF EXISTS FOR TENANT \"acme\""),
          new Call(
              "/api/database/rename",
              "{'name':'a','to':'b'}",
              "ALTER DATABASE \"a\" RENAME TO \"b\""),
          new Call(
              "/api/database/clone",
              "{'name':'b','source':'a','asOfMillis':1730000000000}",
              "CLONE DATABASE \"b\" FROM \"a\" AS OF SYSTEM TIME 1730000000000"),
          new Call(
              "/api/database/create",
              "{'name':'d','ifNotExists':true,'maxQps':5,'priorityClass':'bulk',"
                  + "'expiresAfter':'2h'}",
              "CREATE DATABASE IF NOT EXISTS \"d\" WITH (max_qps = 5, priority_class = 'bulk',"
                  + " expires_after = '2h')"),
          new Call(
              "/api/database/delete",
              "{'name':'d','force':true,'ifExists':true}",
              "DROP DATABASE IF EXISTS \"d\" FORCE"),
          new Call(
              "/api/database/clone",
              "{'name':'b','source':'a','ifNotExists':true,'asOfVersion':42,"
                  + "'materialize':'manual','expiresAfter':'7d'}",
              "CLONE DATABASE IF NOT EXISTS \"b\" FROM \"a\" FOR VERSION AS OF 42 WITH"
                  + " (materialize = 'manual', expires_after = '7d')"),
          new Call(
              "/api/database/mirror",
              "{'name':'b','cluster':'us','source':'a','mode':'sync','ifNotExists':true,"
                  + "'syncTimeout':'3s','onTimeout':'degrade'}",
              "MIRROR DATABASE IF NOT EXISTS \"b\" FROM \"us\".\"a\" MODE = sync WITH"
                  + " (sync_timeout = '3s', on_timeout = 'degrade')"),
          new Call(
              "/api/database/detach-mirror",
              "{'name':'a','mirror':'b'}",
              "ALTER DATABASE \"a\" DETACH MIRROR \"b\""),
          new Call("/api/database/promote", "{'name':'b'}", "ALTER DATABASE \"b\" PROMOTE"),
          new Call(
              "/api/cluster/create",
              "{'name':'us','url':'https://us','token':'t','ifNotExists':true}",
              "CREATE CLUSTER IF NOT EXISTS \"us\" WITH (url = 'https://us' , token = 't' )"),
          new Call(
              "/api/cluster/update",
              "{'name':'us','url':'https://us','token':'t'}",
              "ALTER CLUSTER \"us\" SET URL 'https://us', TOKEN 't'"),
          new Call(
              "/api/cluster/delete",
              "{'name':'us','ifExists':true}",
              "DROP CLUSTER IF EXISTS \"us\""),
          new Call("/api/database/materialize", "{'name':'b'}", "ALTER DATABASE \"b\" MATERIALIZE"),
          new Call(
              "/api/database/tenant/add",
              "{'name':'b','tenant':'acme','ifNotExists':true}",
              "ALTER DATABASE \"b\" ADD TENANT IF NOT EXISTS \"acme\""),
          new Call(
              "/api/database/tenant/remove",
              "{'name':'b','tenant':'acme'}",
              "ALTER DATABASE \"b\" REMOVE TENANT \"acme\""),
          new Call(
              "/api/tenant/move",
              "{'name':'acme','from':'a','to':'b','drainTimeoutSeconds':5}",
              "MOVE TENANT \"acme\" FROM \"a\" TO \"b\" WITH (drain_timeout = 5)"),
          new Call(
              "/api/database/backup",
              "{'name':'b','to':'nightly/b'}",
              "BACKUP DATABASE \"b\" TO 'nightly/b'"),
          new Call(
              "/api/database/restore",
              "{'name':'b','from':'nightly/b','force':true,'dryRun':true}",
              "RESTORE DATABASE \"b\" FROM 'nightly/b' FORCE DRY RUN"),
          new Call(
              "/api/database/update",
              "{'name':'b','auditDml':'writes'}",
              "ALTER DATABASE \"b\" SET AUDIT_DML = 'writes'"),
          new Call("/api/database/reset", "{'name':'b'}", "RESET DATABASE \"b\" TO SOURCE"),
          new Call("/api/database/undrop", "{'name':'b'}", "UNDROP DATABASE \"b\""),
          new Call(
              "/api/database/update",
              "{'name':'b','idleTimeoutSeconds':1800}",
              "ALTER DATABASE \"b\" SET IDLE_TIMEOUT = 1800"),
          new Call(
              "/api/database/quota/update",
              "{'name':'b','maxQps':100,'priorityClass':'bulk','cacheWeight':2}",
              "ALTER DATABASE \"b\" SET QUOTA (max_qps = 100, cache_weight = 2, priority_class ="
                  + " 'bulk')"),
          new Call(
              "/api/tenant/quota/update",
              "{'name':'acme','databaseName':'b','maxStorageBytes':0}",
              "ALTER TENANT \"acme\" IN DATABASE \"b\" SET QUOTA (max_storage_bytes = 0)"),
          new Call(
              "/api/database/role/grant",
              "{'name':'b','role':'reader','user':'bob'}",
              "GRANT DATABASE_READER ON DATABASE \"b\" TO USER \"bob\""),
          new Call(
              "/api/database/role/revoke",
              "{'name':'b','role':'owner','group':'g'}",
              "REVOKE DATABASE_OWNER ON DATABASE \"b\" FROM GROUP \"g\""),
          new Call("/api/session/kill", "{'id':'s-1'}", "KILL SESSION 's-1'"),
          new Call("/api/session/kill", "{'id':'s-1','statementOnly':true}", "KILL QUERY 's-1'"),
          new Call(
              "/api/user/update",
              "{'name':'bob','password':\"it's; DROP\"}",
              "ALTER USER \"bob\" SET PASSWORD 'it''s; DROP'"),
          new Call(
              "/api/user/update",
              "{'name':'bob','superuser':true}",
              "ALTER USER \"bob\" SUPERUSER"),
          new Call(
              "/api/user/update",
              "{'name':'bob','defaultDatabase':'flights'}",
              "ALTER USER \"bob\" SET DEFAULT DATABASE \"flights\""),
          new Call(
              "/api/user/create",
              "{'name':'bob.x','password':\"it's; DROP\",'tenant':'acme'}",
              "CREATE USER \"bob.x\" PASSWORD 'it''s; DROP' TENANT \"acme\""),
          new Call(
              "/api/user/update", "{'name':'bob','enabled':false}", "ALTER USER \"bob\" DISABLE"),
          new Call("/api/user/delete", "{'name':'bob'}", "DROP USER \"bob\""),
          new Call(
              "/api/role/create",
              "{'name':'analyst','tenant':'acme'}",
              "CREATE ROLE \"analyst\" IN TENANT \"acme\""),
          new Call("/api/role/delete", "{'name':'analyst'}", "DROP ROLE \"analyst\""),
          new Call("/api/group/create", "{'name':'g'}", "CREATE GROUP \"g\""),
          new Call("/api/group/delete", "{'name':'g'}", "DROP GROUP \"g\""),
          new Call(
              "/api/membership/user-role/add",
              "{'user':'bob','role':'analyst'}",
              "GRANT ROLE \"analyst\" TO USER \"bob\""),
          new Call(
              "/api/membership/user-role/remove",
              "{'user':'bob','role':'analyst'}",
              "REVOKE ROLE \"analyst\" FROM USER \"bob\""),
          new Call(
              "/api/membership/user-group/add",
              "{'user':'bob','group':'g'}",
              "GRANT GROUP \"g\" TO USER \"bob\""),
          new Call(
              "/api/membership/user-group/remove",
              "{'user':'bob','group':'g'}",
              "REVOKE GROUP \"g\" FROM USER \"bob\""),
          new Call(
              "/api/membership/group-role/add",
              "{'group':'g','role':'analyst'}",
              "GRANT ROLE \"analyst\" TO GROUP \"g\""),
          new Call(
              "/api/membership/group-role/remove",
              "{'group':'g','role':'analyst'}",
              "REVOKE ROLE \"analyst\" FROM GROUP \"g\""),
          new Call(
              "/api/membership/role-role/add",
              "{'role':'analyst','holder':'staff'}",
              "GRANT ROLE \"analyst\" TO ROLE \"staff\""),
          new Call(
              "/api/membership/role-role/remove",
              "{'role':'analyst','holder':'staff'}",
              "REVOKE ROLE \"analyst\" FROM ROLE \"staff\""),
          new Call(
              "/api/role/permission/grant",
              "{'role':'analyst','privileges':'RO','database':'flights'}",
              "GRANT RO ON DATABASE \"flights\" TO ROLE \"analyst\""),
          new Call(
              "/api/role/permission/revoke",
              "{'user':'bob','privileges':['SELECT','UPDATE'],'schema':'s','table':'t',"
                  + "'columns':['a','b']}",
              "REVOKE SELECT (\"a\", \"b\") , UPDATE (\"a\", \"b\") ON TABLE \"s\".\"t\" FROM USER"
                  + " \"bob\""),
          new Call(
              "/api/role/row-policy/create",
              "{'name':'own','schema':'s','table':'t','role':'analyst','expression':'a = 1'}",
              "CREATE ROW FILTER \"own\" ON \"s\".\"t\" FOR ROLE \"analyst\" USING (a = 1\n)"),
          new Call(
              "/api/role/row-policy/delete",
              "{'name':'own','schema':'s','table':'t'}",
              "DROP ROW FILTER \"own\" ON \"s\".\"t\""),
          new Call(
              "/api/role/column-policy/create",
              "{'name':'hide','schema':'s','table':'t\\\"x','column':'c.d','expression':'NULL'}",
              "CREATE COLUMN MASK \"hide\" ON \"s\".\"t\"\"x\" (\"c.d\") USING (NULL\n)"),
          new Call(
              "/api/role/column-policy/delete",
              "{'name':'hide','schema':'s','table':'t'}",
              "DROP COLUMN MASK \"hide\" ON \"s\".\"t\""),
          new Call(
              "/api/token/create",
              "{'name':'ci','user':'bob','expiresIn':'30 days'}",
              "CREATE TOKEN \"ci\" FOR USER \"bob\" EXPIRES IN '30 days'"),
          new Call("/api/token/revoke", "{'id':'t-1'}", "REVOKE TOKEN 't-1'"));

  @Test
  void eachAdministrativeCallIsOneStatement() throws Exception {
    for (Call call : CALLS) {
      sessions.clear();
      String body = call.body().replace("\"it's; DROP\"", "@").replace('\'', '"');
      Reply reply = api.post(call.path(), body.replace("@", "\"it's; DROP\""));

      assertThat(reply.status()).as(call.path() + " " + reply.text()).isEqualTo(200);
      assertThat(sessions.statements()).containsExactly(call.sql());
      assertThat(reply.text()).doesNotContain("it's; DROP");
      conforms(call.path(), "post", reply);
    }
  }

  @Test
  void eachStatementIsInTheGrammar() {
    StatementParser parser = new StatementParser(ParserLimits.DEFAULT);
    for (Call call : CALLS) {
      assertThatCode(() -> parser.parseOne(call.sql())).as(call.sql()).doesNotThrowAnyException();
    }
    for (String show :
        List.of(
            "SHOW TENANTS",
            "SHOW DATABASES",
            "SHOW USERS IN TENANT \"acme\"",
            "SHOW ROLES",
            "SHOW GROUPS",
            "SHOW TOKENS FOR USER \"bob\"",
            "SHOW GRANTS FOR ROLE \"r\" IN TENANT \"acme\"",
            "SHOW POLICIES ON \"s\".\"t\"",
            "SHOW SESSIONS",
            "SHOW SESSIONS IN DATABASE \"b\"",
            "SHOW DATABASE LINEAGE FOR \"b\"",
            "SHOW DATABASE DIFF \"a\" , \"b\"")) {
      assertThatCode(() -> parser.parseOne(show)).as(show).doesNotThrowAnyException();
    }
  }

  @Test
  void eachAdministrativeStatementHasACall() throws Exception {
    Set<String> said = new TreeSet<>();
    for (Call call : CALLS) {
      said.addAll(StatementKinds.of(call.sql()).stream().toList());
    }
    String parameters =
        "databaseName=b&tenantName=acme&left=a&right=b&user=bob&role=r&group=g&tenant=acme";
    for (Route route : door.routes()) {
      if (route.method().equals("GET")
          && route.path().startsWith("/api/")
          && !route.path().contains("{")) {
        JsonNode described =
            document.path("paths").path(route.path()).path("get").path("parameters");
        sessions.clear();
        api.get(route.path() + "?" + known(described, parameters));
        for (String sql : sessions.asked()) {
          said.addAll(StatementKinds.of(sql).stream().toList());
        }
      }
    }
    // Sources have calls that are no statements.
    said.add("ShowSources");
    assertThat(said).containsExactlyInAnyOrderElementsOf(StatementKinds.all());
  }

  /** Those that the call knows; of a user, a role and a group it takes one. */
  private static String known(JsonNode described, String parameters) {
    List<String> names = described.findValuesAsText("name");
    List<String> one = List.of("user", "role", "group");
    return Arrays.stream(parameters.split("&"))
        .filter(parameter -> {
          String name = parameter.substring(0, parameter.indexOf('='));
          return names.contains(name)
              && (!one.contains(name)
                  || one.stream().filter(names::contains).findFirst().orElseThrow().equals(name));
        })
        .collect(Collectors.joining("&"));
  }

  @Test
  void listsArePagedAndFiltered() throws Exception {
    Reply first = api.get("/api/tenant/list?limit=2");
    conforms("/api/tenant/list", "get", first);
    String token = first.json().path("nextPageToken").asText();
    Reply second = api.get("/api/tenant/list?limit=2&pageToken=" + token);

    assertThat(first.json().path("tenants").findValuesAsText("name")).containsExactly("a", "b");
    assertThat(second.json().path("tenants").findValuesAsText("name")).containsExactly("c");
    assertThat(second.json().path("nextPageToken").isNull()).isTrue();
    assertThat(api.get("/api/tenant/list?limit=0").status()).isEqualTo(400);
    assertThat(api.get("/api/tenant/list?nonsense=1").text()).contains("'nonsense'");
    assertThat(api.get("/api/tenant/list?pageToken=%21").status()).isEqualTo(400);
  }

  @Test
  void callsWithMissingUnknownOrWrongFieldsChangeNothing() throws Exception {
    for (String body :
        List.of("{}", "{\"id\":1}", "{\"id\":\"a\",\"name\":\"b\"}", "{\"id\":\"a\",\"x\":1}")) {
      assertThat(api.post("/api/tenant/create", body).status()).as(body).isEqualTo(400);
    }
    assertThat(sessions.statements()).isEmpty();
  }

  private void conforms(String path, String method, Reply reply) throws Exception {
    JsonNode responses = document.path("paths").path(path).path(method).path("responses");
    String status = Integer.toString(reply.status());
    String pointer =
        "/paths/"
            + path.replace("/", "~1")
            + "/"
            + method
            + "/responses/"
            + (responses.has(status) ? status : "default");
    JsonNode response = document.at(pointer);
    response = resolve(response);
    JsonNode schema =
        resolve(response.path("content").path("application/json").path("schema")).deepCopy();
    var root = (com.fasterxml.jackson.databind.node.ObjectNode) schema;
    root.set("components", document.path("components"));
    JsonSchema compiled =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(root);
    assertThat(compiled.validate(reply.text(), InputFormat.JSON))
        .as(method + " " + path + " " + reply.text())
        .isEmpty();
  }

  private JsonNode resolve(JsonNode node) {
    return Optional.ofNullable(node.get("$ref"))
        .map(reference -> document.at(reference.asText().substring(1)))
        .orElse(node);
  }
}
