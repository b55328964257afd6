package dev.polder.lake.io;

import dev.polder.model.Secret;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How an S3-compatible store is reached.
 *
 * @param endpoint empty: AWS's own for the region
 * @param keys empty: the AWS SDK's default chain (environment, profile, instance role)
 * @param sts empty: the store gives no temporary keys
 */
public record S3Settings(
    Optional<String> endpoint,
    String region,
    Optional<Keys> keys,
    boolean pathStyle,
    Optional<Sts> sts) {
  /** A static pair of keys. */
  public record Keys(String id, Secret secret) {}

  /**
   * How temporary keys for other engines are had.
   *
   * @param roleArn the role that may read and write the warehouse
   * @param endpoint empty: AWS's own for the region
   * @param region empty: the store's
   * @param externalId what the role's trust policy may ask for
   * @param duration how long keys last
   * @param writes whether keys may write: the store then cannot keep their holder from replacing
   *     files
   */
  public record Sts(
      String roleArn,
      Optional<String> endpoint,
      Optional<String> region,
      Optional<String> externalId,
      Duration duration,
      boolean writes) {}

  /** As Iceberg's file store takes them; the secret is in clear. */
  public Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>();
    properties.put("client.region", region);
    properties.put("s3.path-style-access", Boolean.toString(pathStyle));
    properties.put("http-client.type", "urlconnection");
    endpoint.ifPresent(value -> properties.put("s3.endpoint", value));
    keys.ifPresent(pair -> {
      properties.put("s3.access-key-id", pair.id());
      properties.put("s3.secret-access-key", pair.secret().reveal());
    });
    return properties;
  }
}
