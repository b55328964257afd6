package dev.polder.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The management API as one principal, in one realm. */
record ManagementClient(HttpClient http, URI server, String token, String realm) {
  static final ObjectMapper JSON = new ObjectMapper();

  record Reply(int status, JsonNode body) {
    Reply is(int expected) {
      assertThat(status).as("%s", body).isEqualTo(expected);
      return this;
    }

    String error() {
      return body.path("error").path("message").asText();
    }

    String type() {
      return body.path("error").path("type").asText();
    }

    /** The names of what is listed. */
    Set<String> names(String list) {
      Set<String> names = new TreeSet<>();
      body.path(list).forEach(one -> names.add(one.path("name").asText()));
      return names;
    }

    /** What is granted, in the form {@code PRIVILEGE type namespace name}. */
    Set<String> grants() {
      Set<String> grants = new TreeSet<>();
      for (JsonNode one : body.path("grants")) {
        StringBuilder words = new StringBuilder(one.path("privilege").asText());
        words.append(' ').append(one.path("type").asText());
        one.path("namespace").forEach(level -> words.append(' ').append(level.asText()));
        words.append(one.has("tableName") ? " " + one.get("tableName").asText() : "");
        words.append(one.has("viewName") ? " " + one.get("viewName").asText() : "");
        grants.add(words.toString());
      }
      return grants;
    }
  }

  Reply get(String path) {
    return send("GET", path, "");
  }

  Reply post(String path, String body) {
    return send("POST", path, body);
  }

  Reply put(String path, String body) {
    return send("PUT", path, body);
  }

  Reply delete(String path) {
    return send("DELETE", path, "");
  }

  /** Quotes may be spelled {@code '} in the body. */
  Reply send(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + "/api/management/v1" + path))
            .header("Authorization", "Bearer " + token)
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (!realm.isEmpty()) {
      request.header("Polaris-Realm", realm);
    }
    return answer(request);
  }

  private Reply answer(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Reply(
          response.statusCode(),
          response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** An access token for a client credential; empty when there is none. */
  Optional<String> token(String id, String secret, String scope) {
    String form =
        "grant_type=client_credentials&client_id="
            + URLEncoder.encode(id, StandardCharsets.UTF_8)
            + "&client_secret="
            + URLEncoder.encode(secret, StandardCharsets.UTF_8)
            + "&scope="
            + URLEncoder.encode(scope, StandardCharsets.UTF_8);
    Reply reply =
        answer(
            HttpRequest.newBuilder(URI.create(server + "/api/catalog/v1/oauth/tokens"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    return reply.status() == 200
        ? Optional.of(reply.body().get("access_token").asText())
        : Optional.empty();
  }

  ManagementClient in(String other) {
    return new ManagementClient(http, server, token, other);
  }

  void principal(String name) {
    post("/principals", "{'principal':{'name':'" + name + "'}}").is(201);
  }

  void principalRole(String name) {
    post("/principal-roles", "{'principalRole':{'name':'" + name + "'}}").is(201);
  }

  void catalogRole(String catalog, String name) {
    post("/catalogs/" + catalog + "/catalog-roles", "{'catalogRole':{'name':'" + name + "'}}")
        .is(201);
  }

  Reply assign(String principal, String role) {
    return put(
        "/principals/" + principal + "/principal-roles",
        "{'principalRole':{'name':'" + role + "'}}");
  }

  Reply assign(String principalRole, String catalog, String role) {
    return put(
        "/principal-roles/" + principalRole + "/catalog-roles/" + catalog,
        "{'catalogRole':{'name':'" + role + "'}}");
  }

  Reply grant(String catalog, String role, String grant) {
    return put("/catalogs/" + catalog + "/catalog-roles/" + role + "/grants", body(grant));
  }

  Reply revoke(String catalog, String role, String grant) {
    return post("/catalogs/" + catalog + "/catalog-roles/" + role + "/grants", body(grant));
  }

  Set<String> grants(String catalog, String role) {
    return get("/catalogs/" + catalog + "/catalog-roles/" + role + "/grants").is(200).grants();
  }

  /** As {@link Reply#grants} spells it, with one level of namespace. */
  private static String body(String grant) {
    String[] words = grant.split(" ", -1);
    Map<String, Object> fields = new java.util.LinkedHashMap<>();
    fields.put("privilege", words[0]);
    fields.put("type", words[1]);
    if (words.length > 2) {
      fields.put("namespace", java.util.List.of(words[2]));
    }
    if (words.length > 3) {
      fields.put(words[1] + "Name", words[3]);
    }
    return JSON.createObjectNode().set("grant", JSON.valueToTree(fields)).toString();
  }
}
