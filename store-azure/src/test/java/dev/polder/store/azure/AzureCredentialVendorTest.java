package dev.polder.store.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.AccessToken;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import dev.polder.lake.delegation.Reach;
import dev.polder.lake.delegation.TemporaryCredentials;
import dev.polder.lake.io.AzureSettings;
import dev.polder.model.PolderException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What is asked of Azure, and what is signed with what it answers. */
final class AzureCredentialVendorTest {
  private static final String HOST = "lakes.dfs.core.windows.net";
  private static final String ROOT = "abfss://lake@" + HOST + "/w/acme/1/";
  private static final Duration HOUR = Duration.ofHours(1);

  private final List<HttpRequest> requests = new ArrayList<>();
  private final AzureCredentialVendor vendor =
      new AzureCredentialVendor(
          new AzureAccount(
              AzurePlace.of("abfss://lake@" + HOST + "/w"),
              new AzureSettings(Optional.empty(), Optional.empty(), HOUR),
              azure(),
              Optional.of(context ->
                  Mono.just(
                      new AccessToken(
                          "identity", OffsetDateTime.now(ZoneOffset.UTC).plusHours(1))))),
          HOUR,
          Map.of(),
          Clock.systemUTC());

  private HttpClient azure() {
    return request -> {
      requests.add(request);
      return Mono.just(new Answer(request, delegationKey()));
    };
  }

  private static String delegationKey() {
    String end = Instant.now().plus(HOUR.multipliedBy(2)).toString().substring(0, 19) + "Z";
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?><UserDelegationKey>"
        + "<SignedOid>11111111-1111-1111-1111-111111111111</SignedOid>"
        + "<SignedTid>22222222-2222-2222-2222-222222222222</SignedTid>"
        + "<SignedStart>2026-01-01T00:00:00Z</SignedStart>"
        + ("<SignedExpiry>" + end + "</SignedExpiry>")
        + "<SignedService>b</SignedService><SignedVersion>2026-10-06</SignedVersion>"
        + "<Value>a2V5IG9mIHRoZSBpZGVudGl0eQ==</Value></UserDelegationKey>";
  }

  private static Reach table(String name, boolean writes) {
    return new Reach(List.of(ROOT + name + "/"), List.of(), writes);
  }

  private static Map<String, String> signature(TemporaryCredentials keys) {
    return Arrays.stream(keys.config().get("adls.sas-token." + HOST).split("&", -1))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }

  @Test
  void an_identity_signs_for_one_directory_with_a_key_that_it_was_given() {
    Map<String, String> signature = signature(vendor.vend(table("t1", true), "ann-t1"));
    assertThat(signature)
        .containsEntry("sr", "d")
        .containsEntry("sdd", "4")
        .containsEntry("sp", "rcl")
        .containsEntry("spr", "https")
        .containsEntry("skoid", "11111111-1111-1111-1111-111111111111")
        .containsEntry("sktid", "22222222-2222-2222-2222-222222222222")
        .containsEntry("sks", "b")
        .containsKeys("sig", "st", "se", "ske");
    // Only from this version on to create is enough for a file in several parts.
    assertThat(signature.get("sv")).isGreaterThanOrEqualTo("2026-04-06");
    assertThat(requests)
        .singleElement()
        .satisfies(request -> {
          assertThat(request.getUrl())
              .hasToString(
                  "https://lakes.blob.core.windows.net?restype=service&comp=userdelegationkey");
          assertThat(request.getHeaders().getValue(HttpHeaderName.AUTHORIZATION))
              .isEqualTo("Bearer identity");
        });
  }

  @Test
  void one_key_signs_for_many_tables_and_a_signature_is_given_again() {
    var first = vendor.vend(table("t1", true), "ann-t1");
    assertThat(vendor.vend(table("t1", true), "ann-t1")).isSameAs(first);
    assertThat(signature(vendor.vend(table("t10", true), "ann-t10")).get("sig"))
        .isNotEqualTo(signature(first).get("sig"));
    assertThat(requests).hasSize(1);
  }

  @Test
  void who_may_only_read_reads_and_lists() {
    var keys = vendor.vend(table("t1", false), "ann-t1");
    assertThat(signature(keys)).containsEntry("sp", "rl");
    assertThat(keys.prefix()).isEqualTo(ROOT + "t1/");
    assertThat(keys.config())
        .containsEntry(
            "adls.sas-token-expires-at-ms." + HOST, Long.toString(keys.expiresAt().toEpochMilli()));
    assertThat(keys.toString()).doesNotContain("sig");
  }

  @Test
  void names_with_wildcards_quotes_and_ampersands_are_signed_as_they_are() {
    for (String name : List.of("t*", "t?", "t'", "t&sp=racwdl", "t%2e%2e", "t$x")) {
      assertThat(signature(vendor.vend(table(name, true), "ann")))
          .as(name)
          .containsEntry("sdd", "4")
          .containsEntry("sp", "rcl");
    }
  }

  @Test
  void several_directories_have_no_signature_and_the_answer_says_what_to_do() {
    Reach clone = new Reach(List.of(ROOT + "t1/"), List.of(ROOT + "t2/"), true);
    assertThatThrownBy(() -> vendor.vend(clone, "ann"))
        .isInstanceOf(PolderException.class)
        .hasMessageContaining("2 places")
        .hasMessageContaining("MATERIALIZE");
    assertThat(requests).isEmpty();
  }

  private static final class Answer extends HttpResponse {
    private final byte[] body;

    Answer(HttpRequest request, String body) {
      super(request);
      this.body = body.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int getStatusCode() {
      return 200;
    }

    @Override
    @SuppressWarnings("deprecation")
    public String getHeaderValue(String name) {
      return getHeaders().getValue(HttpHeaderName.fromString(name));
    }

    @Override
    public HttpHeaders getHeaders() {
      return new HttpHeaders().set(HttpHeaderName.CONTENT_TYPE, "application/xml");
    }

    @Override
    public Flux<ByteBuffer> getBody() {
      return Flux.just(ByteBuffer.wrap(body));
    }

    @Override
    public Mono<byte[]> getBodyAsByteArray() {
      return Mono.just(body);
    }

    @Override
    public Mono<String> getBodyAsString() {
      return getBodyAsString(StandardCharsets.UTF_8);
    }

    @Override
    public Mono<String> getBodyAsString(Charset charset) {
      return Mono.just(new String(body, charset));
    }
  }
}
