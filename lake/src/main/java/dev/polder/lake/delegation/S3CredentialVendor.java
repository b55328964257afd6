package dev.polder.lake.delegation;

import dev.polder.lake.io.S3Settings;
import dev.polder.model.PolderException;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.PackedPolicyTooLargeException;

/**
 * Temporary keys by AssumeRole with a session policy. Keys for the same session and policy are
 * given out again until half of their time is over. Thread-safe.
 */
final class S3CredentialVendor implements CredentialVendor {
  /** STS takes no longer one. */
  private static final int MAX_POLICY = 2_048;

  private static final int MAX_SESSION_NAME = 64;
  private static final Pattern NOT_IN_NAMES = Pattern.compile("[^\\w+=,.@-]");
  private static final Pattern PARTITION = Pattern.compile("arn:(aws[a-z-]*):.*");

  private record Key(String session, String policy) {}

  private final S3Settings.Sts settings;
  private final Map<String, String> client;
  private final StsClient sts;
  private final GivenCredentials<Key> given;

  S3CredentialVendor(
      S3Settings store,
      S3Settings.Sts settings,
      AwsCredentialsProvider keys,
      Map<String, String> client,
      Clock clock) {
    this.settings = settings;
    this.client = Map.copyOf(client);
    StsClientBuilder builder =
        StsClient.builder()
            .region(Region.of(settings.region().orElse(store.region())))
            .credentialsProvider(keys)
            .httpClient(UrlConnectionHttpClient.create());
    settings.endpoint().map(URI::create).ifPresent(builder::endpointOverride);
    this.sts = builder.build();
    this.given = new GivenCredentials<>(clock);
  }

  @Override
  public boolean writes() {
    return settings.writes();
  }

  @Override
  public String refreshProperty() {
    return "client.refresh-credentials-endpoint";
  }

  @Override
  public TemporaryCredentials vend(Reach reach, String session) {
    Reach granted = settings.writes() ? reach : reach.readOnly();
    String policy = S3SessionPolicy.of(granted, partition());
    if (policy.length() > MAX_POLICY) {
      throw tooLarge(granted, null);
    }
    return given.get(new Key(name(session), policy), key -> assumed(granted, key));
  }

  private TemporaryCredentials assumed(Reach reach, Key key) {
    AssumeRoleRequest.Builder request =
        AssumeRoleRequest.builder()
            .roleArn(settings.roleArn())
            .roleSessionName(key.session())
            .policy(key.policy())
            .durationSeconds(Math.toIntExact(settings.duration().toSeconds()));
    settings.externalId().ifPresent(request::externalId);
    Credentials keys;
    try {
      keys = sts.assumeRole(request.build()).credentials();
    } catch (PackedPolicyTooLargeException e) {
      throw tooLarge(reach, e);
    } catch (SdkException e) {
      throw GivenCredentials.notGiven(key.session(), "for remote-signing", e);
    }
    Map<String, String> config = new HashMap<>(client);
    config.put("s3.access-key-id", keys.accessKeyId());
    config.put("s3.secret-access-key", keys.secretAccessKey());
    config.put("s3.session-token", keys.sessionToken());
    config.put("s3.session-token-expires-at-ms", Long.toString(keys.expiration().toEpochMilli()));
    return new TemporaryCredentials(reach.common(), config, keys.expiration());
  }

  private String partition() {
    var matcher = PARTITION.matcher(settings.roleArn());
    return matcher.matches() ? matcher.group(1) : "aws";
  }

  private static String name(String session) {
    String name = NOT_IN_NAMES.matcher("polder-" + session).replaceAll("_");
    return name.length() > MAX_SESSION_NAME ? name.substring(0, MAX_SESSION_NAME) : name;
  }

  private static PolderException tooLarge(Reach reach, @Nullable Throwable cause) {
    return reach.tooScattered("ask for remote-signing", cause);
  }

  @Override
  public void close() {
    sts.close();
  }
}
