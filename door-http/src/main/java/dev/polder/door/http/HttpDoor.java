package dev.polder.door.http;

import dev.polder.door.http.internal.Metrics;
import dev.polder.door.http.internal.MirrorEndpoints;
import dev.polder.door.http.internal.Recurring;
import dev.polder.door.http.internal.RunningStatements;
import dev.polder.door.http.internal.Sessions;
import dev.polder.door.http.internal.StatusEndpoints;
import dev.polder.door.http.internal.admin.AdminEndpoints;
import dev.polder.door.http.internal.admin.AuditEndpoints;
import dev.polder.door.http.internal.auth.AuthEndpoints;
import dev.polder.door.http.internal.sql.SessionEndpoints;
import dev.polder.door.http.internal.sql.SqlEndpoints;
import dev.polder.door.http.internal.sql.StagingEndpoints;
import dev.polder.http.Failure;
import dev.polder.http.FailureFormat;
import dev.polder.http.Route;
import dev.polder.http.RouteGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * SQL, sessions, staging and administration over HTTP. {@link #close} closes the sessions it opened
 * and cancels what they run. Thread-safe.
 */
public final class HttpDoor implements RouteGroup {
  private static final Duration TEND = Duration.ofMillis(100);

  private final Sessions sessions;
  private final Metrics metrics;
  private final List<Route> routes;
  private final Recurring tending;
  private final Recurring sweeping;

  public HttpDoor(HttpOptions options, HttpServices services) {
    this.sessions =
        new Sessions(services.sessions(), options.sessionIdle(), options.maxSessionsPerPrincipal());
    RunningStatements running = new RunningStatements();
    this.metrics = new Metrics(services.metrics(), sessions, running);
    this.routes = routes(options, services, sessions, running, metrics);
    long sweep = Math.clamp(options.sessionIdle().toMillis() / 4, 50, 30_000);
    this.tending = Recurring.start("polder-http-statements", TEND, running::tend);
    this.sweeping =
        Recurring.start("polder-http-sessions", Duration.ofMillis(sweep), sessions::sweep);
  }

  @Override
  public List<Route> routes() {
    return routes;
  }

  /** Of all that no other protocol claims. */
  @Override
  public boolean answersFor(String path) {
    return false;
  }

  @Override
  public String listing() {
    return "GET /api/openapi.json";
  }

  @Override
  public FailureFormat failures() {
    return Failure::body;
  }

  @Override
  public void close() {
    tending.close();
    sweeping.close();
    sessions.close();
    metrics.close();
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
