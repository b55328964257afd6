package dev.polder.server.cli;

import dev.polder.model.Secret;
import dev.polder.server.Endpoints;
import dev.polder.server.config.Configuration;
import dev.polder.server.demo.Demo;
import dev.polder.server.demo.DemoState;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code polder demo}. */
@Command(
    name = "demo",
    description = {
      "Starts a server, loads real flights data, answers three queries, and keeps serving.",
      "",
      "All of it lies in ./polder-data, or where POLDER_DATA_DIR says; the generated passwords are"
          + " kept there in demo.json, which only you can read. Running it again loads nothing"
          + " twice."
    })
final class DemoCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private ConfigOption config;

  @Option(names = "--exit", description = "Stops after the queries.")
  private boolean exit;

  DemoCommand(CommandContext context) {
    this.context = context;
    this.config = new ConfigOption();
  }

  @Override
  public Integer call() throws InterruptedException {
    Configuration given = context.configuration(config.file).configuration();
    Path dataDir = given.data().dir();
    @Nullable Secret adminPassword = given.admin().password();
    DemoState state = DemoState.open(dataDir, adminPassword);
    Configuration configuration =
        context
            .configuration(
                config.file, Map.of("POLDER_ADMIN_PASSWORD", state.adminPassword().reveal()))
            .configuration();
    Screen screen = context.screen();
    try (ServerProcess process = ServerProcess.start(context.starter(), configuration)) {
      Endpoints endpoints = process.endpoints();
      screen.line(screen.style().green("Polder " + Versions.polder() + " is ready"));
      new Demo(endpoints.http(), dataDir, state, screen.out(), screen.style(), screen.terminal())
          .run();
      if (exit) {
        screen.line("");
        screen.line("The server has stopped; './polder demo' starts it again, with the same data.");
      } else {
        printConnections(screen, endpoints, state);
        screen.line("");
        screen.line(screen.style().dim("The server keeps running. Ctrl-C stops it."));
        process.await();
      }
    }
    return ExitCode.OK;
  }

  private static void printConnections(Screen screen, Endpoints endpoints, DemoState state) {
    String password = state.userPassword().reveal();
    screen.line("");
    screen.line(screen.style().bold("Connect to it"));
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put(
        "shell",
        "./polder sql --url "
            + endpoints.http()
            + " --user "
            + Demo.USER
            + " --password '"
            + password
            + "' --database "
            + Demo.DATABASE);
    lines.put(
        "HTTP",
        "curl -u '"
            + Demo.USER
            + ":"
            + password
            + "' -H 'X-Polder-Database: "
            + Demo.DATABASE
            + "' -H 'Content-Type: application/json' -d '{\"sql\":\"SELECT count(*) FROM"
            + " flights\"}' "
            + endpoints.http()
            + "/api/sql");
    lines.put(
        "JDBC",
        endpoints.flightJdbcUrl()
            + "&user="
            + Demo.USER
            + "&password="
            + password
            + "&x-polder-database="
            + Demo.DATABASE);
    lines.put("Flight SQL", endpoints.flight().toString());
    lines.put("admin", "user admin, password " + state.adminPassword().reveal());
    Banner.print(screen, lines);
  }
}
