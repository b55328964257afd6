package dev.polder.lake.delegation;

import dev.polder.lake.io.S3Settings;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** How an S3-compatible store is opened to other engines. */
public final class S3Delegation {
  private S3Delegation() {}

  /**
   * By remote signing, and by AssumeRole where a role is configured.
   *
   * @param exists whether there is a file at a location
   */
  public static StorageDelegation of(S3Settings settings, Predicate<String> exists) {
    Map<String, String> client = new HashMap<>();
    client.put("client.region", settings.region());
    client.put("s3.path-style-access", Boolean.toString(settings.pathStyle()));
    // Files end by the collector alone: a client that tried would only be refused.
    client.put("s3.delete-enabled", "false");
    settings.endpoint().ifPresent(endpoint -> client.put("s3.endpoint", endpoint));
    AwsCredentialsProvider keys = keys(settings);
    return new StorageDelegation(
        client,
        settings
            .sts()
            .map(sts -> new S3CredentialVendor(settings, sts, keys, client, Clock.systemUTC())),
        Optional.of(
            new S3RequestSigner(new S3Addresses(settings), keys, exists, Clock.systemUTC())));
  }

  private static AwsCredentialsProvider keys(S3Settings settings) {
    return settings
        .keys()
        .<AwsCredentialsProvider>map(pair ->
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(pair.id(), pair.secret().reveal())))
        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }
}
