package dev.polder.server.suite;

import dev.polder.model.Secret;
import dev.polder.server.PortsFile;
import dev.polder.server.client.Credentials;
import dev.polder.server.client.PolderClient;
import dev.polder.server.client.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A whole server as a process of its own over a data directory, which can be killed. Closing it
 * kills it.
 */
public final class ServerChild implements AutoCloseable {
  private static final String PASSWORD = "correct horse battery staple";

  private final Process process;
  private final URI url;

  private ServerChild(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Starts a server and waits until it is ready. */
  public static ServerChild start(Path data) throws IOException {
    return start(data, List.of(), List.of());
  }

  /**
   * Starts a server by another command.
   *
   * @param before words that stand before the command of the server
   * @param options options of the command
   */
  public static ServerChild start(Path data, List<String> before, List<String> options)
      throws IOException {
    Process process = launch(data, before, options);
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> PortsFile.httpUrl(data).isPresent() || !process.isAlive());
      Optional<URI> url = PortsFile.httpUrl(data);
      if (url.isEmpty()) {
        throw new AssertionError("the server ended: " + output(data));
      }
      return new ServerChild(process, url.get());
    } catch (RuntimeException | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Launches a server's process, whatever may come of it. */
  public static Process launch(Path data, List<String> before, List<String> options)
      throws IOException {
    Files.createDirectories(data);
    PortsFile.remove(data);
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx256m",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.polder.server.Main",
            "serve"));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("POLDER_DATA_DIR", data.toString());
    builder.environment().put("POLDER_HTTP_PORT", "0");
    builder.environment().put("POLDER_FLIGHT_PORT", "0");
    builder.environment().put("POLDER_ADMIN_PASSWORD", PASSWORD);
    builder.redirectErrorStream(true);
    builder.redirectOutput(outputFile(data).toFile());
    return builder.start();
  }

  private static Path outputFile(Path data) {
    return data.resolveSibling(data.getFileName() + ".log");
  }

  /** What the last server over the directory printed. */
  public static String output(Path data) throws IOException {
    return Files.readString(outputFile(data));
  }

  public URI url() {
    return url;
  }

  /** The value of the Authorization header of the administrator. */
  public static Credentials administrator() {
    return new Credentials.UserPassword("admin", Secret.of(PASSWORD));
  }

  /** A client of the administrator, logged in. */
  public PolderClient client() {
    PolderClient client = new PolderClient(new Target(url, null, null), administrator());
    client.login();
    return client;
  }

  /** Ends the process as a crash does: SIGKILL. */
  public void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new AssertionError("the server could not be killed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
