package dev.polder.benchmarks.side;

import dev.polder.server.PortsFile;
import dev.polder.server.client.ConnectionFailure;
import dev.polder.server.client.ReadinessProbe;
import dev.polder.server.client.Trust;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A server as {@code ./polder serve} starts it, in a process of its own with its normal flags.
 * Closing ends it by SIGTERM and waits.
 */
public final class ServerChild implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int READY = 200;

  private final Process process;
  private final URI http;
  private final URI flight;
  private final double startMillis;

  private ServerChild(Process process, URI http, URI flight, double startMillis) {
    this.process = process;
    this.http = http;
    this.flight = flight;
    this.startMillis = startMillis;
  }

  /** Starts the server and returns when {@code /ready} answers 200. */
  public static ServerChild start(ServerSettings settings) throws Exception {
    Path data = settings.dataDirectory();
    Files.createDirectories(data);
    PortsFile.remove(data);
    File log = settings.log().toFile();
    ProcessBuilder builder =
        new ProcessBuilder(settings.launcher().toString(), "serve")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    settings.environment().forEach(builder.environment()::put);
    long start = System.nanoTime();
    Process process = builder.start();
    try {
      URI http = awaitReady(process, data, log, start);
      double millis = (System.nanoTime() - start) / 1e6;
      return new ServerChild(process, http, ServerPorts.flight(data), millis);
    } catch (Exception e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static URI awaitReady(Process process, Path data, File log, long start)
      throws InterruptedException {
    while (System.nanoTime() - start < PATIENCE.toNanos()) {
      if (!process.isAlive()) {
        throw new IllegalStateException(
            "the server ended with " + process.exitValue() + " before it was ready: see " + log);
      }
      Optional<URI> http = PortsFile.httpUrl(data);
      if (http.isPresent() && ready(http.get())) {
        return http.get();
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
    throw new IllegalStateException("the server was not ready after " + PATIENCE + ": see " + log);
  }

  private static boolean ready(URI http) {
    try {
      return ReadinessProbe.status(http, new Trust.Authorities(), Duration.ofSeconds(5)) == READY;
    } catch (ConnectionFailure e) {
      return false;
    }
  }

  public URI http() {
    return http;
  }

  public URI flight() {
    return flight;
  }

  /** From the start of the process to the first answer that it is ready. */
  public double startMillis() {
    return startMillis;
  }

  /** Memory that the process holds, as the kernel counts it. */
  public double residentMegabytes() throws IOException {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    try (var lines = Files.lines(status)) {
      String kilobytes =
          lines
              .filter(line -> line.startsWith("VmRSS:"))
              .map(line -> line.replaceAll("\\D", ""))
              .findFirst()
              .orElseThrow(() -> new IOException("no VmRSS in " + status));
      return Long.parseLong(kilobytes) / 1024.0;
    }
  }

  public long processId() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
