package dev.polder.s3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** Decides by the policy of a session as AWS documents it: what no statement allows is denied. */
record SessionPolicy(JsonNode statements) {
  private static final Pattern SPECIAL = Pattern.compile("\\$\\{([*?$])}|\\*|\\?");

  static SessionPolicy parse(String json) {
    try {
      return new SessionPolicy(new ObjectMapper().readTree(json).path("Statement"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether an action is allowed.
   *
   * @param prefix of a listing; empty where there is none
   */
  boolean allows(String action, String resource, String prefix) {
    return matches("Allow", action, resource, prefix) && !matches("Deny", action, resource, prefix);
  }

  private boolean matches(String effect, String action, String resource, String prefix) {
    return StreamSupport.stream(statements.spliterator(), false)
        .filter(statement -> statement.path("Effect").asText().equals(effect))
        .filter(statement -> any(statement.path("Action"), action))
        .filter(statement -> any(statement.path("Resource"), resource))
        .anyMatch(statement ->
            statement.path("Condition").isMissingNode()
                || any(statement.path("Condition").path("StringLike").path("s3:prefix"), prefix));
  }

  private static boolean any(JsonNode patterns, String text) {
    return StreamSupport.stream(patterns.spliterator(), false)
        .anyMatch(pattern -> like(pattern.asText(), text));
  }

  private static boolean like(String pattern, String text) {
    StringBuilder regex = new StringBuilder();
    Matcher matcher = SPECIAL.matcher(pattern);
    int at = 0;
    while (matcher.find()) {
      regex.append(Pattern.quote(pattern.substring(at, matcher.start())));
      String literal = matcher.group(1);
      regex.append(
          literal != null ? Pattern.quote(literal) : matcher.group().equals("*") ? ".*" : ".");
      at = matcher.end();
    }
    regex.append(Pattern.quote(pattern.substring(at)));
    return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
  }
}
