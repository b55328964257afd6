package dev.polder.policy.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.sun.net.httpserver.HttpServer;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.TestIssuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What providers publish, and what they would better not. */
final class IssuerKeysTest {
  private static final JWKSelector ALL = new JWKSelector(new JWKMatcher.Builder().build());

  private final TestIssuer issuer = new TestIssuer(Clock.systemUTC());
  private final WebDocuments web = new WebDocuments(false);
  private final IssuerKeys keys = new IssuerKeys(web);

  @AfterEach
  void stop() {
    keys.close();
    issuer.close();
  }

  @Test
  void keys_are_found_through_the_configuration() throws Exception {
    assertThat(published(1)).extracting(JWK::getKeyID).containsExactly("first");
    assertThat(published(1)).hasSize(1);
    assertThat(issuer.asked()).isEqualTo(2);
  }

  @Test
  void other_settings_have_the_keys_asked_anew() throws Exception {
    published(1);
    issuer.rotate("second");
    assertThat(published(1)).extracting(JWK::getKeyID).containsExactly("first");
    assertThat(published(2)).extracting(JWK::getKeyID).containsExactly("second");
  }

  @Test
  void many_who_ask_at_once_ask_the_issuer_once() throws Exception {
    issuer.answerNext(503, "");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all =
          IntStream.range(0, 50)
              .<Future<?>>mapToObj(i -> threads.submit(() -> refused(1)))
              .toList();
      for (Future<?> one : all) {
        one.get(20, TimeUnit.SECONDS);
      }
    }
    assertThat(issuer.asked()).isEqualTo(1);
  }

  static Stream<String> configurations() {
    return Stream.of(
        "",
        "no JSON: root:x:0:0",
        "[]",
        "null",
        "{'issuer':'https://elsewhere.example','jwks_uri':'URL/jwks'}",
        "{'issuer':['URL'],'jwks_uri':'URL/jwks'}",
        "{'issuer':'URL'}",
        "{'issuer':'URL','jwks_uri':'file:///etc/passwd'}",
        "{'issuer':'URL','jwks_uri':'jwks'}",
        "{'issuer':'URL','jwks_uri':'http://192.0.2.1/jwks'}",
        "{'issuer':'URL','jwks_uri':'http://user@localhost/jwks'}",
        "{'issuer':'URL','jwks_uri':'https://[/jwks'}",
        "[".repeat(100_000),
        "x".repeat((1 << 20) + 1));
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void a_configuration_that_is_none_is_not_believed_and_nothing_of_it_told(String text) {
    issuer.answerNext(text.replace('\'', '"').replace("URL", issuer.url()));
    refused(1);
    assertThat(issuer.asked()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{'keys':{}}", "{'keys':'x'}", "{'keys':[1]}"})
  void keys_that_are_none_are_a_failure_of_the_issuer(String text) {
    JWKSource<SecurityContext> source = keys.of(issuer.url(), 1);
    issuer.answerNext(text.replace('\'', '"'));
    assertThatThrownBy(() -> source.get(ALL, null)).isInstanceOf(KeySourceException.class);
  }

  @Test
  void a_redirect_is_not_followed() {
    issuer.answerNext(302, "", "Location", "/first/.well-known/openid-configuration");
    refused(1);
    assertThat(issuer.asked()).isEqualTo(1);
  }

  @Test
  void an_answer_that_does_not_end_is_not_waited_for() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    HttpServer endless =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endless.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          asked.countDown();
        });
    endless.start();
    try {
      URI place = URI.create("http://127.0.0.1:" + endless.getAddress().getPort() + "/");
      assertThatThrownBy(() -> web.get(place)).hasMessageEndingWith("did not answer within 5 s");
      assertThat(asked.getCount()).isZero();
    } finally {
      endless.stop(0);
    }
  }

  @Test
  void a_failure_is_remembered_for_a_moment() {
    issuer.answerNext("{}");
    refused(1);
    refused(1);
    assertThat(issuer.asked()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:9/",
        "http://localhost:9/",
        "https://127.1:9/",
        "https://0.0.0.0/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/"
      })
  void who_is_elsewhere_names_no_place_on_this_machine(String place) {
    assertThatThrownBy(
            () -> web.getNamed(URI.create("https://192.0.2.1/configuration"), URI.create(place)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("on this machine");
  }

  private List<JWK> published(long since) throws Exception {
    return keys.of(issuer.url(), since).get(ALL, null);
  }

  private void refused(long since) {
    assertThatThrownBy(() -> keys.of(issuer.url(), since))
        .isInstanceOfSatisfying(
            PolderException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.IDENTITY_PROVIDER_UNAVAILABLE))
        .hasMessage(
            "the identity provider "
                + issuer.url()
                + " cannot be asked for its keys; try again, the server's log says why");
  }
}
