package dev.polder.http.internal;

import dev.polder.http.Access;
import dev.polder.http.BodyLimits;
import dev.polder.http.Exchange;
import dev.polder.http.Failure;
import dev.polder.http.FailureFormat;
import dev.polder.http.HttpAuthenticator;
import dev.polder.http.Route;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.Identity;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to every request: authentication, the route's endpoint, failures, metrics. */
public final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private static final Set<String> LOCAL_NAMES =
      Set.of("localhost", "127.0.0.1", "[::1]", "::1", "[0:0:0:0:0:0:0:1]");

  private final Authentication authentication;
  private final BodyLimits limits;
  private final RequestTimers timers;
  private final Predicate<Identity> administers;

  public Dispatcher(
      HttpAuthenticator authenticator,
      BodyLimits limits,
      MeterRegistry metrics,
      Predicate<Identity> administers) {
    this.authentication = new Authentication(authenticator);
    this.limits = limits;
    this.timers = new RequestTimers(metrics);
    this.administers = administers;
  }

  public void dispatch(Route route, FailureFormat format, Context context) {
    long started = System.nanoTime();
    Exchange exchange = new Exchange(context, limits);
    secure(exchange.response());
    try {
      authenticate(route.access(), exchange);
      route.endpoint().handle(exchange);
    } catch (Throwable t) {
      failed(exchange, format, t);
    } finally {
      timers.record(route, exchange.response().getStatus(), System.nanoTime() - started);
    }
  }

  /** Answers what no route takes. */
  public void refuse(Context context, FailureFormat format, ErrorCode code, String message)
      throws IOException {
    Exchange exchange = new Exchange(context, limits);
    secure(exchange.response());
    exchange.fail(new Failure(code, message, -1), format);
  }

  static void secure(HttpServletResponse response) {
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  }

  private void authenticate(Access access, Exchange exchange) {
    switch (access) {
      case PUBLIC -> {}
      case LOCAL_OR_ADMINISTRATOR -> {
        if (!isLocal(exchange)) {
          identify(exchange, authentication.of(exchange));
          requireAdministrator(exchange);
        }
      }
      case AUTHENTICATED -> identify(exchange, authentication.of(exchange));
      case AUTHENTICATED_WITH_WORK -> identify(exchange, authentication.recent(exchange));
    }
  }

  private static void identify(Exchange exchange, Optional<Identity> who) {
    exchange.identify(
        who.orElseThrow(() ->
            new PolderException(
                ErrorCode.AUTHENTICATION_FAILED,
                "authentication is required: send Authorization (Basic or Bearer) or X-API-Key")));
  }

  private void requireAdministrator(Exchange exchange) {
    if (!administers.test(exchange.identity())) {
      throw new PolderException(
          ErrorCode.ACCESS_DENIED,
          "user '"
              + exchange.identity().name()
              + "' may not read this from another machine; a superuser or a cluster_admin may");
    }
  }

  /** A proxy on this machine speaks for somebody else. */
  private static boolean isLocal(Exchange exchange) {
    var request = exchange.request();
    if (request.getHeader("X-Forwarded-For") != null || request.getHeader("Forwarded") != null) {
      return false;
    }
    // A page whose name was made to point here sends that name.
    if (!LOCAL_NAMES.contains(request.getServerName())) {
      return false;
    }
    try {
      return InetAddress.getByName(exchange.clientAddress()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      LOG.debug("client address {} is not an address", exchange.clientAddress(), e);
      return false;
    }
  }

  private static void failed(Exchange exchange, FailureFormat format, Throwable cause) {
    if (exchange.response().isCommitted()) {
      exchange.abort(cause);
      return;
    }
    try {
      exchange.fail(Failure.of(cause), format);
    } catch (IOException gone) {
      LOG.debug("the client left before its answer", gone);
    }
  }
}
