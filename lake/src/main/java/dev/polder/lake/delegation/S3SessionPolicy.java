package dev.polder.lake.delegation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What temporary keys may do, as a policy that AssumeRole lays over the role's own: no more than
 * both allow. Nothing in it deletes. Immutable.
 */
final class S3SessionPolicy {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String partition;
  private final ArrayNode statements = JSON.arrayNode();

  private S3SessionPolicy(String partition) {
    this.partition = partition;
  }

  /**
   * The policy for a table.
   *
   * @param partition {@code aws} but for AWS' clouds of their own
   */
  static String of(Reach reach, String partition) {
    S3SessionPolicy policy = new S3SessionPolicy(partition);
    List<S3Place> all = reach.all().stream().map(S3Place::of).toList();
    List<S3Place> own = reach.own().stream().map(S3Place::of).toList();
    policy.add(
        "Allow",
        List.of("s3:GetObject", "s3:GetObjectVersion"),
        all.stream().map(place -> policy.objects(place, "*")).toList());
    // Names in other tables' directories are learnt from the metadata alone: what is newer there
    // than the clone stays unknown.
    ArrayNode listed =
        policy
            .add(
                "Allow",
                List.of("s3:ListBucket"),
                own.stream().map(policy::bucket).distinct().toList())
            .putObject("Condition")
            .putObject("StringLike")
            .putArray("s3:prefix");
    own.forEach(place -> listed.add(literal(place.key()) + "*"));
    policy.add(
        "Allow",
        List.of("s3:GetBucketLocation"),
        all.stream().map(policy::bucket).distinct().toList());
    if (reach.writes()) {
      policy.add(
          "Allow",
          List.of("s3:PutObject", "s3:AbortMultipartUpload"),
          own.stream().map(place -> policy.objects(place, "*")).toList());
      policy.add(
          "Deny",
          List.of("s3:PutObject"),
          own.stream().map(place -> policy.objects(place, "metadata/*.metadata.json")).toList());
    }
    return JSON.objectNode()
        .put("Version", "2012-10-17")
        .<ObjectNode>set("Statement", policy.statements)
        .toString();
  }

  private ObjectNode add(String effect, List<String> actions, List<String> resources) {
    ObjectNode statement = statements.addObject().put("Effect", effect);
    actions.forEach(statement.putArray("Action")::add);
    resources.forEach(statement.putArray("Resource")::add);
    return statement;
  }

  private String bucket(S3Place place) {
    return "arn:" + partition + ":s3:::" + literal(place.bucket());
  }

  private String objects(S3Place place, String pattern) {
    return bucket(place) + "/" + literal(place.key()) + pattern;
  }

  /** A name in which nothing is a wildcard or a variable any more. */
  static String literal(String name) {
    StringBuilder text = new StringBuilder(name.length());
    name.chars()
        .forEach(c -> {
          if (c == '*' || c == '?' || c == '$') {
            text.append("${").append((char) c).append('}');
          } else {
            text.append((char) c);
          }
        });
    return text.toString();
  }
}
