package dev.polder.benchmarks.suite;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polder.benchmarks.catalog.CatalogTarget;
import dev.polder.benchmarks.catalog.Wire;
import dev.polder.benchmarks.harness.Duel;
import dev.polder.benchmarks.harness.Progress;
import dev.polder.benchmarks.harness.Warnings;
import dev.polder.benchmarks.side.BareDuck;
import dev.polder.benchmarks.side.FlightConnection;
import dev.polder.benchmarks.side.ServerChild;
import dev.polder.benchmarks.side.ServerSettings;
import dev.polder.benchmarks.side.WarehouseFiles;
import dev.polder.model.Secret;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.Target;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What benchmarks work with: a running server with a tenant, a database and a user of their own,
 * and DuckDB alone beside it. Used by one thread; benchmarks make connections for their own.
 */
public final class Lab implements AutoCloseable {
  public static final String TENANT = "bench";
  public static final String DATABASE = "bench_speed";
  public static final String USER = "bench";

  private final Plan plan;
  private final ServerSettings settings;
  private final BareDuck bare;
  private final ServerChild server;
  private final Progress progress;
  private final Warnings warnings;

  private Lab(
      Plan plan,
      ServerSettings settings,
      BareDuck bare,
      ServerChild server,
      Progress progress,
      Warnings warnings) {
    this.plan = plan;
    this.settings = settings;
    this.bare = bare;
    this.server = server;
    this.progress = progress;
    this.warnings = warnings;
  }

  /** Starts the server and makes the benchmarks' database. */
  public static Lab open(Plan plan, Progress progress, Warnings warnings) throws Exception {
    ServerSettings settings = plan.settings(plan.directory().resolve("data"));
    progress.step("starting the server");
    ServerChild server = ServerChild.start(settings);
    try {
      setUp(server.http());
      BareDuck bare = new BareDuck(settings.threads(), settings.memoryBytes());
      return new Lab(plan, settings, bare, server, progress, warnings);
    } catch (Exception e) {
      server.close();
      throw e;
    }
  }

  private static void setUp(URI http) {
    try (PolderClient admin = client(http, "admin", null, null)) {
      admin.login();
      admin.execute("CREATE TENANT IF NOT EXISTS " + TENANT);
      admin.execute("CREATE DATABASE IF NOT EXISTS " + DATABASE + " FOR TENANT " + TENANT);
      admin.execute(
          "CREATE USER IF NOT EXISTS "
              + USER
              + " PASSWORD '"
              + ServerSettings.PASSWORD
              + "' TENANT "
              + TENANT);
    }
    try (PolderClient admin = client(http, "admin", DATABASE, TENANT)) {
      admin.execute("GRANT ALL ON DATABASE " + DATABASE + " TO USER " + USER);
    }
  }

  private static PolderClient client(
      URI http,
      String user,
      @org.jspecify.annotations.Nullable String database,
      @org.jspecify.annotations.Nullable String tenant) {
    return new PolderClient(
        new Target(http, database, tenant),
        new Credentials.UserPassword(user, Secret.of(ServerSettings.PASSWORD)));
  }

  public Plan plan() {
    return plan;
  }

  public ServerSettings settings() {
    return settings;
  }

  public BareDuck bare() {
    return bare;
  }

  public ServerChild server() {
    return server;
  }

  public Progress progress() {
    return progress;
  }

  public Warnings warnings() {
    return warnings;
  }

  public Duel duel() {
    return new Duel(1, plan.runs(), warnings);
  }

  /** A new Flight SQL connection; the caller closes it. */
  public FlightConnection flight() {
    return new FlightConnection(
        server.flight(), USER, ServerSettings.PASSWORD, Optional.of(TENANT), Optional.of(DATABASE));
  }

  /** A new HTTP client with a token; the caller closes it. */
  public PolderClient http() {
    PolderClient client = client(server.http(), USER, DATABASE, TENANT);
    client.login();
    return client;
  }

  /** A token of the benchmarks' user, for requests that are made by hand. */
  public String token() throws java.io.IOException {
    CatalogTarget target =
        new CatalogTarget("login", server.http(), Optional.empty(), Optional.empty());
    try (Wire wire = new Wire(target)) {
      String body = "{\"user\":\"" + USER + "\",\"password\":\"" + ServerSettings.PASSWORD + "\"}";
      String answer = wire.send(wire.request("POST", "/api/auth/login", body)).require().text();
      return new ObjectMapper().readTree(answer).path("token").asText();
    }
  }

  /** An HTTP client of the administrator; the caller closes it. */
  PolderClient admin() {
    return admin(server);
  }

  /** An HTTP client of another server's administrator; the caller closes it. */
  static PolderClient admin(ServerChild server) {
    PolderClient client = client(server.http(), "admin", null, null);
    client.login();
    return client;
  }

  /** The administrator's Flight SQL connection to another database of the tenant. */
  FlightConnection flight(String database) {
    return new FlightConnection(
        server.flight(),
        "admin",
        ServerSettings.PASSWORD,
        Optional.of(TENANT),
        Optional.of(database));
  }

  /** The files of the table whose first column has this name. */
  public List<Path> files(String firstColumn) throws Exception {
    return WarehouseFiles.of(settings.dataDirectory().resolve("warehouse"), firstColumn, bare);
  }

  /** A directory for what a benchmark writes without the server. */
  public Path scratch() throws java.io.IOException {
    return Files.createDirectories(plan.directory().resolve("scratch"));
  }

  @Override
  public void close() throws java.sql.SQLException {
    try {
      bare.close();
    } finally {
      server.close();
    }
  }
}
