package dev.polder.door.http.internal;

import dev.polder.door.http.HttpOptions;
import dev.polder.door.http.HttpServices;
import dev.polder.door.http.internal.admin.AdminEndpoints;
import dev.polder.door.http.internal.admin.AuditEndpoints;
import dev.polder.door.http.internal.auth.AuthEndpoints;
import dev.polder.door.http.internal.auth.Authentication;
import dev.polder.door.http.internal.net.JsonErrors;
import dev.polder.door.http.internal.net.Listener;
import dev.polder.door.http.internal.sql.SessionEndpoints;
import dev.polder.door.http.internal.sql.SqlEndpoints;
import dev.polder.door.http.internal.sql.StagingEndpoints;
import dev.polder.model.ErrorCode;
import dev.polder.model.PolderException;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The running server: routes wired to endpoints, and the two clocks that look after them. */
public final class HttpServer implements AutoCloseable {
  private static final Duration BODY_TIME = Duration.ofSeconds(60);
  private static final Duration TEND = Duration.ofMillis(100);

  private final HttpOptions options;
  private final Sessions sessions;
  private final Metrics metrics;
  private final List<Route> routes;
  private final Javalin javalin;
  private final Recurring tending;
  private final Recurring sweeping;

  private HttpServer(HttpOptions options, HttpServices services) {
    this.options = options;
    this.sessions =
        new Sessions(services.sessions(), options.sessionIdle(), options.maxSessionsPerPrincipal());
    RunningStatements running = new RunningStatements();
    this.metrics = new Metrics(services.metrics(), sessions, running);
    this.routes = routes(options, services, sessions, running, metrics);
    Dispatcher dispatcher =
        new Dispatcher(
            new Authentication(services.authenticator()),
            new BodyLimits(options.maxBodyBytes(), BODY_TIME),
            metrics);
    this.javalin = Javalin.create(config -> configure(config, dispatcher));
    long sweep = Math.clamp(options.sessionIdle().toMillis() / 4, 50, 30_000);
    this.tending = Recurring.start("polder-http-statements", TEND, running::tend);
    this.sweeping =
        Recurring.start("polder-http-sessions", Duration.ofMillis(sweep), sessions::sweep);
  }

  public static HttpServer start(HttpOptions options, HttpServices services) {
    HttpServer server = new HttpServer(options, services);
    try {
      server.javalin.start();
    } catch (JavalinException e) {
      server.close();
      throw new PolderException(
          ErrorCode.INVALID_CONFIGURATION,
          "cannot listen on "
              + options.host()
              + ":"
              + options.port()
              + ": another process has the port or the address is not of this machine",
          e);
    }
    return server;
  }

  /** Every route served. */
  public List<Route> routes() {
    return routes;
  }

  public int port() {
    return javalin.port();
  }

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
    tending.close();
    sweeping.close();
    sessions.close();
    javalin.stop();
    metrics.close();
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
      server.setErrorHandler(new JsonErrors());
      server.setStopTimeout(0);
    });
    config.jetty.addConnector((server, http) -> Listener.create(options, server, http));
    for (Route route : routes) {
      config.routes.addHttpHandler(
          HandlerType.findOrCreate(route.method()),
          route.path(),
          context -> dispatcher.dispatch(route, context));
    }
    config.routes.exception(
        HttpResponseException.class,
        (e, context) -> {
          try {
            if (e.getStatus() == 405) {
              dispatcher.refuse(
                  context,
                  ErrorCode.METHOD_NOT_ALLOWED,
                  "this path does not take " + context.method().name());
            } else {
              dispatcher.refuse(
                  context,
                  ErrorCode.NOT_FOUND_PATH,
                  "no such path; GET /api/openapi.json lists them");
            }
          } catch (IOException io) {
            throw new UncheckedIOException(io);
          }
        });
  }

  private static List<Route> routes(
      HttpOptions options,
      HttpServices services,
      Sessions sessions,
      RunningStatements running,
      Metrics metrics) {
    List<Route> routes = new ArrayList<>();
    routes.addAll(new StatusEndpoints(services.readiness(), services.metrics()).routes());
    routes.addAll(new AuthEndpoints(services.authenticator(), options.tokenLifetime()).routes());
    routes.addAll(new SqlEndpoints(sessions, running, metrics).routes());
    routes.addAll(new SessionEndpoints(sessions).routes());
    routes.addAll(
        new StagingEndpoints(sessions, services.staging(), options.maxUploadBytes()).routes());
    routes.addAll(new AdminEndpoints(sessions).routes());
    routes.addAll(new MirrorEndpoints(services.mirrors()).routes());
    routes.addAll(new AuditEndpoints(sessions).routes());
    return List.copyOf(routes);
  }
}
