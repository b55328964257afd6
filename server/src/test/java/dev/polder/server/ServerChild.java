package dev.polder.server;

import dev.polder.model.PolderException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A server in a process of its own: says {@code ready} or why not, and waits for its end. */
final class ServerChild {
  private ServerChild() {}

  public static void main(String[] arguments) throws IOException {
    try (RunningServer server = LocalServers.start(Path.of(arguments[0]), Map.of())) {
      System.out.println("ready " + server.endpoints().http());
      int end;
      do {
        end = System.in.read();
      } while (end >= 0);
    } catch (PolderException e) {
      System.out.println(e.code() + " " + e.getMessage());
    }
  }

  static Process start(Path data) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.nio=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ServerChild.class.getName(),
            data.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** The child's verdict; what logs to standard output is passed over. */
  static String verdict(Process child) throws IOException {
    var out = child.inputReader();
    String line = out.readLine();
    while (line != null && !line.startsWith("ready") && !line.startsWith("METASTORE_")) {
      line = out.readLine();
    }
    return line == null ? "the process ended" : line;
  }
}
