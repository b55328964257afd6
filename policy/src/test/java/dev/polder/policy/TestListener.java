package dev.polder.policy;

import java.net.InetAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import kotlin.jvm.functions.Function1;
import no.nav.security.mock.oauth2.http.NettyWrapper;
import no.nav.security.mock.oauth2.http.OAuth2HttpRequest;
import no.nav.security.mock.oauth2.http.OAuth2HttpResponse;
import no.nav.security.mock.oauth2.http.OAuth2HttpServer;
import no.nav.security.mock.oauth2.http.Ssl;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/** Where a provider is asked: counts, and gives another answer where one is set. */
final class TestListener implements OAuth2HttpServer {
  private final OAuth2HttpServer http = new NettyWrapper();
  private final Queue<OAuth2HttpResponse> next = new ConcurrentLinkedQueue<>();
  private final AtomicInteger asked = new AtomicInteger();

  int asked() {
    return asked.get();
  }

  void answerNext(int status, String body, String... headers) {
    next.add(new OAuth2HttpResponse(Headers.of(headers), status, body, null));
  }

  @Override
  public OAuth2HttpServer start(
      InetAddress address,
      int port,
      Function1<? super OAuth2HttpRequest, OAuth2HttpResponse> provider) {
    http.start(
        address,
        port,
        request -> {
          asked.incrementAndGet();
          OAuth2HttpResponse odd = next.poll();
          return odd == null ? provider.invoke(request) : odd;
        });
    return this;
  }

  @Override
  public OAuth2HttpServer start(Function1<? super OAuth2HttpRequest, OAuth2HttpResponse> provider) {
    return start(0, provider);
  }

  @Override
  public OAuth2HttpServer start(
      int port, Function1<? super OAuth2HttpRequest, OAuth2HttpResponse> provider) {
    return start(InetAddress.getLoopbackAddress(), port, provider);
  }

  @Override
  public OAuth2HttpServer stop() {
    return http.stop();
  }

  @Override
  public void close() {
    stop();
  }

  @Override
  public int port() {
    return http.port();
  }

  @Override
  public HttpUrl url(String path) {
    return http.url(path);
  }

  @Override
  public Ssl sslConfig() {
    return http.sslConfig();
  }
}
