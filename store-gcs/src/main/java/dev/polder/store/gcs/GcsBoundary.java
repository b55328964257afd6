package dev.polder.store.gcs;

import com.google.auth.oauth2.CredentialAccessBoundary;
import com.google.auth.oauth2.CredentialAccessBoundary.AccessBoundaryRule;
import com.google.auth.oauth2.CredentialAccessBoundary.AccessBoundaryRule.AvailabilityCondition;
import dev.polder.lake.delegation.Reach;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a token may do, as a boundary that is laid over the server's own: no more than both allow.
 * It reads, and creates objects; a role that creates neither replaces nor deletes. Conditions are
 * written in CEL, names in them as string literals.
 */
final class GcsBoundary {
  /** Google takes no more of each. */
  private static final int MAX_RULES = 10;

  private static final int MAX_EXPRESSION = 2_048;
  private static final int MAX_CLAUSES = 12;

  private static final int FIRST_PRINTABLE = 0x20;
  private static final int DELETE = 0x7f;

  private GcsBoundary() {}

  /** The boundary for a table. */
  static CredentialAccessBoundary of(Reach reach) {
    List<AccessBoundaryRule> rules = new ArrayList<>();
    for (String bucket : reach.all().stream().map(GcsPlace::bucketOf).distinct().toList()) {
      Predicate<GcsPlace> here = place -> place.bucket().equals(bucket);
      List<GcsPlace> own = reach.own().stream().map(GcsPlace::of).filter(here).toList();
      List<GcsPlace> all = reach.all().stream().map(GcsPlace::of).filter(here).toList();
      List<String> reads = new ArrayList<>();
      for (GcsPlace place : all) {
        reads.add(object(place));
      }
      // Names in other tables' directories are learnt from the metadata alone.
      for (GcsPlace place : own) {
        reads.add(
            "api.getAttribute('storage.googleapis.com/objectListPrefix', '').startsWith("
                + literal(place.prefix())
                + ")");
      }
      rules.addAll(rules(bucket, "inRole:roles/storage.objectViewer", reads));
      if (reach.writes()) {
        rules.addAll(
            rules(
                bucket,
                "inRole:roles/storage.objectCreator",
                own.stream().map(GcsBoundary::object).toList()));
      }
    }
    if (rules.size() > MAX_RULES) {
      throw reach.tooScattered("use credentials of your own", null);
    }
    return CredentialAccessBoundary.newBuilder().setRules(rules).build();
  }

  private static String object(GcsPlace place) {
    return "resource.name.startsWith("
        + literal("projects/_/buckets/" + place.bucket() + "/objects/" + place.prefix())
        + ")";
  }

  /** Of several rules one is enough, as of several clauses. */
  private static List<AccessBoundaryRule> rules(String bucket, String role, List<String> clauses) {
    List<AccessBoundaryRule> rules = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    for (String clause : clauses) {
      List<String> more = new ArrayList<>(taken);
      more.add(clause);
      if (!taken.isEmpty()
          && (more.size() > MAX_CLAUSES || expression(more).length() > MAX_EXPRESSION)) {
        rules.add(rule(bucket, role, expression(taken)));
        taken.clear();
      }
      taken.add(clause);
    }
    if (!taken.isEmpty()) {
      rules.add(rule(bucket, role, expression(taken)));
    }
    return rules;
  }

  private static String expression(List<String> clauses) {
    return String.join(" || ", clauses);
  }

  private static AccessBoundaryRule rule(String bucket, String role, String expression) {
    return AccessBoundaryRule.newBuilder()
        .setAvailableResource("//storage.googleapis.com/projects/_/buckets/" + bucket)
        .addAvailablePermission(role)
        .setAvailabilityCondition(
            AvailabilityCondition.newBuilder().setExpression(expression).build())
        .build();
  }

  /** A CEL string that is exactly this text, whatever is in it. */
  static String literal(String text) {
    StringBuilder literal = new StringBuilder("'");
    text.chars()
        .forEach(c -> {
          if (c == '\'' || c == '\\') {
            literal.append('\\').append((char) c);
          } else if (c < FIRST_PRINTABLE || c == DELETE) {
            literal.append(String.format("\\u%04x", c));
          } else {
            literal.append((char) c);
          }
        });
    return literal.append('\'').toString();
  }
}
