package dev.polder.federation.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polder.federation.secret.SecretStoreSettings.Aws;
import dev.polder.federation.secret.VendorServer.Reply;
import dev.polder.federation.secret.VendorServer.Request;
import dev.polder.model.Secret;
import java.net.URI;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** AWS Secrets Manager, whose requests are signed for one region and service. */
final class AwsSecretsTest extends StoreTest {
  private static final String KEY = "AKIDEXAMPLE";
  private static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final String ARN =
      "arn:aws:secretsmanager:ap-south-1:123456789012:secret:app/db-AbCdEf";
  private static final Pattern SIGNED =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/([0-9]{8})/([^/]+)/secretsmanager/aws4_request,"
              + " SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})");

  private SecretStoreSettings aws(URI endpoint, Duration timeout) {
    SecretStoreSettings none = SecretStoreSettings.DEFAULT;
    return with(
        new Aws("eu-west-1", endpoint, KEY, Secret.of(SECRET_KEY)),
        none.google(),
        none.azure(),
        none.vault(),
        KEEP,
        timeout);
  }

  @Override
  SecretStoreSettings settings() {
    return aws(vendor.address(), TIMEOUT);
  }

  private void answers(String region, String secretId, Reply reply) {
    vendor.on(
        "POST /",
        request -> {
          assertThat(request.header("X-Amz-Target")).isEqualTo("secretsmanager.GetSecretValue");
          assertThat(request.header("Content-Type")).isEqualTo("application/x-amz-json-1.1");
          verify(request, region);
          assertThat(request.json().path("SecretId").asText()).isEqualTo(secretId);
          return reply;
        });
  }

  /** Signature version 4, computed again. */
  private static void verify(Request request, String region) throws Exception {
    Matcher signed = SIGNED.matcher(request.header("Authorization"));
    assertThat(signed.matches()).as("signed").isTrue();
    String date = signed.group(2);
    assertThat(signed.group(1)).isEqualTo(KEY);
    assertThat(signed.group(3)).isEqualTo(region);
    assertThat(signed.group(4).split(";", -1)).contains("host", "x-amz-date", "x-amz-target");
    String headers =
        Arrays.stream(signed.group(4).split(";", -1))
            .map(name -> name.toLowerCase(Locale.ROOT) + ":" + request.header(name).strip() + "\n")
            .collect(Collectors.joining());
    String canonical =
        "POST\n/\n\n" + headers + "\n" + signed.group(4) + "\n" + hash(request.body());
    String scope = date + "/" + region + "/secretsmanager/aws4_request";
    String toSign =
        "AWS4-HMAC-SHA256\n" + request.header("X-Amz-Date") + "\n" + scope + "\n" + hash(canonical);
    byte[] key = ("AWS4" + SECRET_KEY).getBytes(UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    assertThat(signed.group(5)).isEqualTo(HexFormat.of().formatHex(hmac(key, toSign)));
  }

  private static String hash(String text) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(UTF_8));
  }

  private static Reply secret(String member) {
    return new Reply(
        200,
        java.util.Map.of("Content-Type", "application/x-amz-json-1.1"),
        "{\"ARN\":\"" + ARN + "\",\"Name\":\"app/db\",\"VersionId\":\"v\"," + member + "}");
  }

  private static Reply failure(int status, String code) {
    return new Reply(
        status,
        java.util.Map.of("Content-Type", "application/x-amz-json-1.1"),
        "{\"__type\":\"" + code + "\",\"message\":\"because hunter2\"}");
  }

  @Test
  void a_secret_is_found_by_name_in_the_configured_region() {
    answers("eu-west-1", "app/db", secret("\"SecretString\":\"hunter2\""));
    assertThat(resolve("aws-sm:app/db")).isEqualTo("hunter2");
    assertThat(resolve("aws-sm:app/db")).isEqualTo("hunter2");
    assertThat(vendor.asked("POST /")).isEqualTo(1);
  }

  @Test
  void a_secret_is_found_by_arn_in_its_own_region() {
    answers("ap-south-1", ARN, secret("\"SecretString\":\"hunter2\""));
    assertThat(resolve("aws-sm:" + ARN)).isEqualTo("hunter2");
  }

  @Test
  void fields_of_a_secret_in_json_are_named_after_a_hash() {
    answers(
        "eu-west-1",
        "app/db",
        secret("\"SecretString\":\"{\\\"password\\\":\\\"p\\\",\\\"port\\\":5432}\""));
    assertThat(resolve("aws-sm:app/db#password")).isEqualTo("p");
    assertThat(resolve("aws-sm:app/db#port")).isEqualTo("5432");
    refused("aws-sm:app/db#pwd")
        .hasMessage("secret 'PWD': 'app/db' in AWS Secrets Manager has no field 'pwd'");
    assertThat(vendor.asked("POST /")).isEqualTo(1);
  }

  @Test
  void a_text_has_no_fields() {
    answers("eu-west-1", "app/db", secret("\"SecretString\":\"hunter2\""));
    refused("aws-sm:app/db#password")
        .hasMessage("secret 'PWD': 'app/db' in AWS Secrets Manager is no JSON object")
        .hasNoCause();
  }

  @Test
  void a_binary_secret_is_read_as_text() {
    answers(
        "eu-west-1",
        "app/db",
        secret(
            "\"SecretBinary\":\""
                + Base64.getEncoder().encodeToString("hunter2".getBytes(UTF_8))
                + "\""));
    assertThat(resolve("aws-sm:app/db")).isEqualTo("hunter2");
  }

  @Test
  void a_rotated_secret_is_asked_for_again() {
    answers("eu-west-1", "app/db", secret("\"SecretString\":\"hunter2\""));
    assertThat(resolve("aws-sm:app/db")).isEqualTo("hunter2");
    answers("eu-west-1", "app/db", secret("\"SecretString\":\"hunter3\""));
    rotated("aws-sm:app/db");
    assertThat(resolve("aws-sm:app/db")).isEqualTo("hunter3");
  }

  @Test
  void what_amazon_refuses_is_told_by_its_code() {
    answers("eu-west-1", "none", failure(400, "ResourceNotFoundException"));
    refused("aws-sm:none").hasMessage("secret 'PWD': AWS Secrets Manager has no secret 'none'");
    answers("eu-west-1", "other", failure(400, "AccessDeniedException"));
    refused("aws-sm:other")
        .hasMessage(
            "secret 'PWD': AWS Secrets Manager does not let the server read 'other'"
                + " (AccessDeniedException)")
        .hasNoCause();
    answers("eu-west-1", "key", failure(400, "DecryptionFailure"));
    refused("aws-sm:key")
        .hasMessage(
            "secret 'PWD': AWS Secrets Manager refused 'key' with status 400 (DecryptionFailure)");
  }

  @Test
  void a_slow_answer_is_not_waited_for() {
    CountDownLatch end = new CountDownLatch(1);
    use(aws(vendor.address(), Duration.ofMillis(500)));
    vendor.on(
        "POST /",
        request -> {
          end.await();
          return secret("\"SecretString\":\"late\"");
        });
    refused("aws-sm:app/db")
        .hasMessage("secret 'PWD': AWS Secrets Manager did not answer within 500 ms");
    end.countDown();
  }

  @Test
  void nobody_there_is_said_so() {
    use(aws(URI.create("http://127.0.0.1:1"), TIMEOUT));
    refused("aws-sm:app/db")
        .hasMessage("secret 'PWD': AWS Secrets Manager cannot be asked: the connection failed");
  }
}
