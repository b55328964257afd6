package dev.polder.federation.secret.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polder.federation.secret.SecretStoreSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/**
 * AWS Secrets Manager: {@code arn:aws:secretsmanager:…} or a secret's name. An ARN's region is
 * asked there, a name in the configured one. Thread-safe.
 */
public final class AwsSecrets implements SecretFetch {
  private static final String STORE = "AWS Secrets Manager";
  private static final Pattern ARN =
      Pattern.compile(
          "arn:aws[a-z-]*:secretsmanager:([a-z]{2,}(?:-[a-z]+)+-[0-9]+):[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]{1,512}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9/_+=.@!-]{1,512}");

  private final SecretStoreSettings.Aws settings;
  private final Duration timeout;
  private final Map<String, SecretsManagerClient> clients = new ConcurrentHashMap<>();

  public AwsSecrets(SecretStoreSettings.Aws settings, Duration timeout) {
    this.settings = settings;
    this.timeout = timeout;
  }

  @Override
  public String store() {
    return STORE;
  }

  @Override
  public void check(String path) throws SecretFailure {
    if (!ARN.matcher(path).matches() && !NAME.matcher(path).matches()) {
      throw new SecretFailure("'" + path + "' is neither an ARN nor the name of an AWS secret");
    }
  }

  @Override
  public String fetch(String path) throws SecretFailure {
    Matcher arn = ARN.matcher(path);
    String configured = settings.region() == null ? "" : settings.region();
    String region = arn.matches() ? arn.group(1) : configured;
    try {
      GetSecretValueResponse secret =
          clients.computeIfAbsent(region, this::client).getSecretValue(get -> get.secretId(path));
      if (secret.secretString() != null) {
        return secret.secretString();
      }
      if (secret.secretBinary() != null) {
        return secret.secretBinary().asString(UTF_8);
      }
      throw new SecretFailure(STORE + " gave no value for '" + path + "'");
    } catch (AwsServiceException e) {
      throw refused(path, e);
    } catch (ApiCallTimeoutException | ApiCallAttemptTimeoutException e) {
      throw new SecretFailure(STORE + " did not answer within " + timeout.toMillis() + " ms");
    } catch (SdkClientException e) {
      throw new SecretFailure(STORE + " cannot be asked: " + clientReason(e));
    }
  }

  /** The SDK's message names the providers that it tried, or what the connection met. */
  private static String clientReason(SdkClientException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("credentials")) {
      return "the server has no AWS credentials";
    }
    if (message.contains("region")) {
      return "no region is configured";
    }
    return "the connection failed";
  }

  private static SecretFailure refused(String path, AwsServiceException e) {
    String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
    return new SecretFailure(
        switch (code) {
          case "ResourceNotFoundException" -> STORE + " has no secret '" + path + "'";
          case "AccessDeniedException" ->
              STORE + " does not let the server read '" + path + "' (AccessDeniedException)";
          case null, default ->
              STORE
                  + " refused '"
                  + path
                  + "' with status "
                  + e.statusCode()
                  + (code == null || !code.matches("[A-Za-z]{1,60}") ? "" : " (" + code + ")");
        });
  }

  private SecretsManagerClient client(String region) {
    SecretsManagerClientBuilder builder =
        SecretsManagerClient.builder()
            .httpClient(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(timeout)
                    .socketTimeout(timeout)
                    .build())
            .overrideConfiguration(c -> c.apiCallTimeout(timeout).apiCallAttemptTimeout(timeout));
    if (!region.isEmpty()) {
      builder.region(Region.of(region));
    }
    if (settings.endpoint() != null) {
      builder.endpointOverride(settings.endpoint());
    }
    if (settings.accessKey() != null && settings.secretKey() != null) {
      builder.credentialsProvider(
          StaticCredentialsProvider.create(
              AwsBasicCredentials.create(settings.accessKey(), settings.secretKey().reveal())));
    } else {
      builder.credentialsProvider(DefaultCredentialsProvider.builder().build());
    }
    return builder.build();
  }

  @Override
  public void close() {
    clients.values().forEach(SecretsManagerClient::close);
  }
}
