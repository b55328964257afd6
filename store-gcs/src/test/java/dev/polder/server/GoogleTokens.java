package dev.polder.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Google's two token services: one gives a service account a token for an assertion that it signed,
 * the other exchanges that for one with a boundary. Thread-safe.
 */
final class GoogleTokens {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ACCOUNT = "lake@project.iam.gserviceaccount.com";
  private static final int MAX_RULES = 10;
  private static final int MAX_EXPRESSION = 2_048;

  /** What a token may do in a bucket under a condition. */
  record Rule(String bucket, String role, AccessCondition condition) {}

  private final KeyPair keys = pair();
  private final Map<String, List<Rule>> narrowed = new ConcurrentHashMap<>();
  private final Map<String, Boolean> whole = new ConcurrentHashMap<>();
  private final List<JsonNode> boundaries = new CopyOnWriteArrayList<>();

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance("RSA").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The file that a service account's key comes in. */
  String keyFile(String endpoint) {
    return JSON.createObjectNode()
        .put("type", "service_account")
        .put("project_id", "project")
        .put("private_key_id", "1")
        .put(
            "private_key",
            "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n")
        .put("client_email", ACCOUNT)
        .put("client_id", "1")
        .put("token_uri", endpoint + "/token")
        .toString();
  }

  boolean isWhole(String token) {
    return whole.containsKey(token);
  }

  List<Rule> rules(String token) {
    return narrowed.getOrDefault(token, List.of());
  }

  /** The boundaries that tokens were asked for. */
  List<JsonNode> boundaries() {
    return boundaries;
  }

  String byAssertion(String body) throws GeneralSecurityException {
    String[] jwt = form(body).get("assertion").split("\\.", -1);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(keys.getPublic());
    signature.update((jwt[0] + "." + jwt[1]).getBytes(StandardCharsets.US_ASCII));
    if (!signature.verify(Base64.getUrlDecoder().decode(jwt[2]))) {
      throw new GeneralSecurityException("the assertion is signed by somebody else");
    }
    String token = "whole-" + UUID.randomUUID();
    whole.put(token, true);
    return answer(token).toString();
  }

  String byExchange(String body) throws GeneralSecurityException {
    Map<String, String> form = form(body);
    if (!"urn:ietf:params:oauth:grant-type:token-exchange".equals(form.get("grant_type"))
        || !"urn:ietf:params:oauth:token-type:access_token".equals(form.get("subject_token_type"))
        || !isWhole(form.get("subject_token"))) {
      throw new GeneralSecurityException("no token to exchange");
    }
    JsonNode boundary;
    try {
      boundary = JSON.readTree(URLDecoder.decode(form.get("options"), StandardCharsets.UTF_8));
    } catch (java.io.IOException e) {
      throw new GeneralSecurityException("options", e);
    }
    boundaries.add(boundary);
    List<Rule> rules = new ArrayList<>();
    for (JsonNode rule : boundary.path("accessBoundary").path("accessBoundaryRules")) {
      rules.add(rule(rule));
    }
    if (rules.isEmpty() || rules.size() > MAX_RULES) {
      throw new GeneralSecurityException(rules.size() + " rules");
    }
    String token = "narrow-" + UUID.randomUUID();
    narrowed.put(token, rules);
    return answer(token)
        .put("issued_token_type", "urn:ietf:params:oauth:token-type:access_token")
        .toString();
  }

  private static Rule rule(JsonNode rule) throws GeneralSecurityException {
    String expression = rule.path("availabilityCondition").path("expression").asText();
    String resource = rule.path("availableResource").asText();
    String start = "//storage.googleapis.com/projects/_/buckets/";
    if (expression.length() > MAX_EXPRESSION
        || !resource.startsWith(start)
        || rule.path("availablePermissions").size() != 1) {
      throw new GeneralSecurityException(rule.toString());
    }
    return new Rule(
        resource.substring(start.length()),
        rule.path("availablePermissions").path(0).asText(),
        AccessCondition.parse(expression));
  }

  private static ObjectNode answer(String token) {
    return JSON.createObjectNode()
        .put("access_token", token)
        .put("token_type", "Bearer")
        .put("expires_in", 3600);
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String pair : body.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form;
  }
}
