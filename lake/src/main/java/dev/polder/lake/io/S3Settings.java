package dev.polder.lake.io;

import dev.polder.model.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How an S3-compatible store is reached.
 *
 * @param endpoint empty: AWS's own for the region
 * @param keys empty: the AWS SDK's default chain (environment, profile, instance role)
 */
public record S3Settings(
    Optional<String> endpoint, String region, Optional<Keys> keys, boolean pathStyle) {
  /** A static pair of keys. */
  public record Keys(String id, Secret secret) {}

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
