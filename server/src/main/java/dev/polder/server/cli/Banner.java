package dev.polder.server.cli;

import dev.polder.server.Endpoints;
import dev.polder.server.config.Configuration;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a server says when it is ready. */
final class Banner {
  private Banner() {}

  static void print(Screen screen, Configuration configuration, ServerProcess process) {
    Endpoints endpoints = process.endpoints();
    screen.line(screen.style().green("Polder " + Versions.polder() + " is ready") + startupTime());
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("HTTP", endpoints.http().toString());
    lines.put("Flight SQL", endpoints.flight().toString());
    lines.put("data", configuration.data().dir().toAbsolutePath().normalize().toString());
    lines.put("warehouse", configuration.warehouse().location());
    // The address of a metastore may carry a password among its parameters.
    lines.put("metastore", configuration.metastore().url().replaceAll("\\?.*", "?…"));
    print(screen, lines);
    process
        .server()
        .newAdminPassword()
        .ifPresent(password -> {
          screen.line("");
          screen.line("First start: this password is shown this once and kept nowhere.");
          Map<String, String> admin = new LinkedHashMap<>();
          admin.put("user", "admin");
          admin.put("password", screen.style().bold(password.reveal()));
          print(screen, admin);
        });
    screen.line("");
    screen.line(screen.style().dim("Ctrl-C stops the server."));
  }

  static void print(Screen screen, Map<String, String> lines) {
    int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
    lines.forEach((label, text) ->
        screen.line(
            "  " + screen.style().dim(label + " ".repeat(width - label.length())) + "  " + text));
  }

  private static String startupTime() {
    return ProcessHandle.current()
        .info()
        .startInstant()
        .map(start -> Duration.between(start, Instant.now()))
        .map(taken -> String.format(Locale.ROOT, " (%.1f s)", taken.toMillis() / 1000.0))
        .orElse("");
  }
}
