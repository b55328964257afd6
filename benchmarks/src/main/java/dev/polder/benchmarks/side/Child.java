package dev.polder.benchmarks.side;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Java program of others in a process of its own, on this process's JDK. Closing ends it. */
public final class Child implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  /**
   * Starts it and returns when the address answers whatever it answers.
   *
   * @param arguments of {@code java}
   */
  public static Child start(
      List<String> arguments, Map<String, String> environment, Path log, URI answers)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().putAll(environment);
    Child child = new Child(builder.start());
    try {
      child.await(answers, log);
      return child;
    } catch (IOException | InterruptedException | RuntimeException e) {
      child.close();
      throw e;
    }
  }

  private void await(URI answers, Path log) throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(answers).timeout(Duration.ofSeconds(20)).build();
      while (process.isAlive() && System.nanoTime() - start < PATIENCE.toNanos()) {
        try {
          client.send(request, HttpResponse.BodyHandlers.discarding());
          return;
        } catch (java.net.ConnectException notYet) {
          TimeUnit.MILLISECONDS.sleep(50);
        }
      }
    }
    throw new IOException("the process did not start: see " + log);
  }

  /** The class path that a module of the build wrote down. */
  public static String classPath(Path module) throws IOException {
    Path file = module.resolve("target/classpath");
    if (!Files.exists(file)) {
      throw new IOException(
          file + " is missing: ./benchmarks/run catalog makes it and fetches what it names");
    }
    return Files.readString(file).strip();
  }

  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
