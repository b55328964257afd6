package dev.polder.http;

import dev.polder.http.internal.Connectors;
import dev.polder.http.internal.Dispatcher;
import dev.polder.http.internal.JsonErrors;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import dev.polder.policy.Identity;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The listening HTTP server, with the routes of all protocols over HTTP. Runs from {@link #start}
 * until {@link #close}, which closes the groups of routes too. Thread-safe.
 */
public final class HttpListener implements AutoCloseable {
  private static final Duration BODY_TIME = Duration.ofSeconds(60);

  private final ListenerOptions options;
  private final List<RouteGroup> groups;
  private final Javalin javalin;

  private HttpListener(ListenerOptions options, Dispatcher dispatcher, List<RouteGroup> groups) {
    this.options = options;
    this.groups = List.copyOf(groups);
    this.javalin = Javalin.create(config -> configure(config, dispatcher));
  }

  /**
   * Binds the port and serves.
   *
   * @param administers whether somebody is a superuser or a cluster_admin now
   * @param groups whose routes are served; the first answers for the paths of none
   * @throws PolderException {@code INVALID_CONFIGURATION} when it cannot listen; the groups are
   *     closed then
   */
  public static HttpListener start(
      ListenerOptions options,
      HttpAuthenticator authenticator,
      MeterRegistry metrics,
      Predicate<Identity> administers,
      List<RouteGroup> groups) {
    HttpListener listener =
        new HttpListener(
            options,
            new Dispatcher(
                authenticator,
                new BodyLimits(options.maxBodyBytes(), BODY_TIME),
                metrics,
                administers),
            groups);
    try {
      listener.javalin.start();
    } catch (JavalinException e) {
      listener.close();
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION,
          "cannot listen on "
              + options.host()
              + ":"
              + options.port()
              + ": another process has the port or the address is not of this machine",
          e);
    }
    return listener;
  }

  /** The port bound to, also when 0 was asked for. */
  public int port() {
    return javalin.port();
  }

  /** Where clients on this machine reach it. */
  public URI baseUri() {
    String host = options.host();
    String reachable =
        switch (host) {
          case "0.0.0.0", "" -> "127.0.0.1";
          case "::" -> "[::1]";
          default -> host.contains(":") ? "[" + host + "]" : host;
        };
    return URI.create(
        (options.tls().isPresent() ? "https" : "http") + "://" + reachable + ":" + port());
  }

  @Override
  public void close() {
    groups.forEach(RouteGroup::close);
    javalin.stop();
  }

  private void configure(JavalinConfig config, Dispatcher dispatcher) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.prefer405over404 = true;
    config.http.generateEtags = false;
    config.jetty.modifyServer(server -> {
      server.setErrorHandler(new JsonErrors(path -> answering(path).failures()));
      server.setStopTimeout(0);
    });
    config.jetty.modifyServletContextHandler(
        context -> context.getServletHandler().setDecodeAmbiguousURIs(true));
    config.jetty.addConnector((server, http) -> Connectors.create(options, server, http));
    for (RouteGroup group : groups) {
      for (Route route : group.routes()) {
        config.routes.addHttpHandler(
            HandlerType.findOrCreate(route.method()),
            route.path(),
            context -> dispatcher.dispatch(route, group.failures(), context));
      }
    }
    config.routes.exception(
        HttpResponseException.class, (e, context) -> refuse(e, context, dispatcher));
  }

  private RouteGroup answering(String path) {
    return groups.stream()
        .filter(group -> group.answersFor(path))
        .findFirst()
        .orElse(groups.getFirst());
  }

  private void refuse(HttpResponseException e, Context context, Dispatcher dispatcher) {
    RouteGroup answering = answering(context.path());
    FailureFormat format = answering.failures();
    try {
      if (e.getStatus() == 405) {
        @Nullable String served = e.getDetails().get("availableMethods");
        if (served != null) {
          context.header("Allow", served);
        }
        dispatcher.refuse(
            context,
            format,
            ErrorCode.METHOD_NOT_ALLOWED,
            "this path does not take " + context.method().name());
      } else {
        dispatcher.refuse(
            context,
            format,
            ErrorCode.NOT_FOUND_PATH,
            "no such path; " + answering.listing() + " lists them");
      }
    } catch (IOException io) {
      throw new UncheckedIOException(io);
    }
  }
}
