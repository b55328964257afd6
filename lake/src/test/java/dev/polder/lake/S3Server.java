package dev.polder.lake;

import dev.polder.lake.io.AzureSettings;
import dev.polder.lake.io.GcsSettings;
import dev.polder.lake.io.S3Settings;
import dev.polder.lake.io.StoreSettings;
import dev.polder.lake.io.Warehouse;
import dev.polder.model.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One S3 server for all tests, a process with its own class path; it checks signatures. */
public final class S3Server {
  private static final Path CLASS_PATH = Path.of("..", "s3-server", "target", "classpath");
  private static final String ID = "polder-test";
  private static final String SECRET = "polder-test-secret";

  private final int port;
  private final Path root;

  private S3Server(int port, Path root) {
    this.port = port;
    this.root = root;
  }

  public static S3Server running() {
    return Holder.INSTANCE;
  }

  /** A warehouse in a bucket of its own. */
  public Warehouse warehouse() {
    return warehouse(SECRET);
  }

  Warehouse warehouse(String secret) {
    return Warehouse.open(
        "s3://" + bucket() + "/warehouse",
        new StoreSettings(
            settings(secret),
            new GcsSettings(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
            new AzureSettings(Optional.empty(), Optional.empty(), Duration.ofHours(1))));
  }

  /** A new bucket. */
  public String bucket() {
    String bucket = "b" + UUID.randomUUID();
    try {
      Files.createDirectory(root.resolve(bucket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bucket;
  }

  public S3Settings settings() {
    return settings(SECRET);
  }

  private S3Settings settings(String secret) {
    return new S3Settings(
        Optional.of("http://127.0.0.1:" + port),
        "us-east-1",
        Optional.of(new S3Settings.Keys(ID, Secret.of(secret))),
        true,
        Optional.empty());
  }

  private static S3Server start() {
    try {
      Path root = Files.createTempDirectory("s3");
      int port = freePort();
      Path properties = root.resolveSibling(root.getFileName() + ".properties");
      Path log = root.resolveSibling(root.getFileName() + ".log");
      Files.write(
          properties,
          List.of(
              "s3proxy.authorization=aws-v2-or-v4",
              "s3proxy.endpoint=http://127.0.0.1:" + port,
              "s3proxy.identity=" + ID,
              "s3proxy.credential=" + SECRET,
              "jclouds.provider=filesystem-nio2",
              "jclouds.identity=unused",
              "jclouds.credential=unused",
              "jclouds.filesystem.basedir=" + root));
      Process server =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElseThrow(),
                  "-Xmx256m",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  Files.readString(CLASS_PATH).strip(),
                  "org.gaul.s3proxy.Main",
                  "--properties",
                  properties.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, root)));
      Awaitility.await("S3 server, see " + log)
          .atMost(Duration.ofSeconds(60))
          .until(() -> accepts(port) || !server.isAlive());
      if (!server.isAlive()) {
        throw new IllegalStateException(Files.readString(log));
      }
      return new S3Server(port, root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stop(Process server, Path root) {
    server.destroyForcibly();
    try (Stream<Path> files = Files.walk(root)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean accepts(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static final class Holder {
    static final S3Server INSTANCE = start();
  }
}
